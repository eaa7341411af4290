import { apiRoute } from "@/lib/api-route";
import { createUser } from "@/lib/users/create-user";
import { listUsers } from "@/lib/users/list-users";
import { createdUserSchema, createUserSchema, userListSchema } from "@/lib/users/user-schemas";

export const GET = apiRoute(
  { permission: "users.read", response: userListSchema },
  ({ projects, ...context }) => listUsers(context, projects),
);

export const POST = apiRoute(
  {
    permission: "users.write",
    body: createUserSchema,
    response: createdUserSchema,
    status: 201,
  },
  ({ body, runtime, ...context }) => createUser({ ...context, publicUrl: runtime.publicUrl }, body),
);
