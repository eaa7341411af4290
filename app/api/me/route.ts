import { apiRoute } from "@/lib/api-route";
import { getMe } from "@/lib/users/get-me";
import { meSchema } from "@/lib/users/me-schemas";

export const GET = apiRoute(
  { permission: null, response: meSchema },
  ({ db, runtime, actor, projects }) => getMe({ db, env: runtime.env, actor, projects }),
);
