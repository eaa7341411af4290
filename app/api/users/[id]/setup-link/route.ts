import { apiRoute } from "@/lib/api-route";
import { createSetupLink } from "@/lib/users/create-setup-link";
import { setupLinkSchema, userParamsSchema } from "@/lib/users/user-schemas";

export const POST = apiRoute(
  { permission: "users.write", params: userParamsSchema, response: setupLinkSchema, status: 201 },
  ({ params, runtime, ...context }) =>
    createSetupLink({ ...context, publicUrl: runtime.publicUrl }, params.id),
);
