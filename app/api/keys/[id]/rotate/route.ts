import { apiRoute } from "@/lib/api-route";
import { createdKeySchema, keyParamsSchema } from "@/lib/keys/key-schemas";
import { rotateKey } from "@/lib/keys/rotate-key";

export const POST = apiRoute(
  { permission: "keys.write", params: keyParamsSchema, response: createdKeySchema, status: 201 },
  ({ params, ...context }) => rotateKey(context, params.id),
);
