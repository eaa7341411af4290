import { publicRoute } from "@/lib/api-route";
import { completeSetup } from "@/lib/users/complete-setup";
import { setupAnswerSchema, setupSchema } from "@/lib/users/setup-schemas";

export const POST = publicRoute(
  { body: setupSchema, response: setupAnswerSchema, status: 201 },
  ({ db, requestId, body }) => completeSetup({ db, requestId }, body),
);
