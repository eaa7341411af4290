import { requestJson } from "@/lib/api-client";

/** The answer to a new key. `key` is in this answer only: the server keeps a hash. */
export interface CreatedKey {
  id: string;
  name: string;
  key: string;
}

/** Makes a key that may send events to one project (`POST /api/keys`). @param project its slug */
export function createIngestKey(name: string, project: string): Promise<CreatedKey> {
  return requestJson<CreatedKey>("/api/keys", {
    method: "POST",
    body: { name, project, scopes: ["ingest"] },
  });
}
