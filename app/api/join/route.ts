import { publicRoute } from "@/lib/api-route";
import { join } from "@/lib/users/join";
import { joinAnswerSchema, joinSchema } from "@/lib/users/user-schemas";

export const POST = publicRoute(
  { body: joinSchema, response: joinAnswerSchema, status: 201 },
  ({ db, requestId, body }) => join({ db, requestId }, body),
);
