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
  ({ body, projects, ...context }) => {
    // A project's own key, or `?project=`, means that project: `default` would be somebody else's.
    const [only] = projects.length === 1 ? projects : [];
    const project = body.project ?? only?.slug;
    return createKey(context, project === undefined ? body : { ...body, project });
  },
);
