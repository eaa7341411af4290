import { apiRoute } from "@/lib/api-route";
import { createKey } from "@/lib/keys/create-key";
import { createdKeySchema, createKeySchema, keyListSchema } from "@/lib/keys/key-schemas";
import { listKeys } from "@/lib/keys/list-keys";

export const GET = apiRoute(
  { permission: "keys.read", response: keyListSchema },
  ({ db, projects }) => listKeys({ db }, projects),
);

export const POST = apiRoute(
  { permission: "keys.write", body: createKeySchema, response: createdKeySchema, status: 201 },
  ({ body, ...context }) => createKey(context, body),
);
