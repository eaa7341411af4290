import { apiRoute } from "@/lib/api-route";
import { updateUser } from "@/lib/users/update-user";
import { updateUserSchema, userParamsSchema, userSchema } from "@/lib/users/user-schemas";

export const PATCH = apiRoute(
  {
    permission: "users.write",
    params: userParamsSchema,
    body: updateUserSchema,
    response: userSchema,
  },
  ({ params, body, ...context }) => updateUser(context, params.id, body),
);
