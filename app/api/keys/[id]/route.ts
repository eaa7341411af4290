import { apiRoute } from "@/lib/api-route";
import { keyParamsSchema, keySchema, updateKeySchema } from "@/lib/keys/key-schemas";
import { revokeKey } from "@/lib/keys/revoke-key";
import { updateKey } from "@/lib/keys/update-key";

export const PATCH = apiRoute(
  {
    permission: "keys.write",
    params: keyParamsSchema,
    body: updateKeySchema,
    response: keySchema,
  },
  ({ params, body, ...context }) => updateKey(context, params.id, body),
);

export const DELETE = apiRoute(
  { permission: "keys.write", params: keyParamsSchema, response: keySchema },
  ({ params, runtime, ...context }) => revokeKey({ ...context, keys: runtime.keys }, params.id),
);
