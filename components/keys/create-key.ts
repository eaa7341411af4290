import type { z } from "zod";
import { requestJson } from "@/lib/api-client";
import type { createdKeySchema } from "@/lib/keys/key-schemas";

/** The answer to a new key. `key` is in this answer only: the server keeps a hash. */
type CreatedKey = z.output<typeof createdKeySchema>;

/** Makes a key that may send events to one project (`POST /api/keys`). @param project its slug */
export function createIngestKey(name: string, project: string): Promise<CreatedKey> {
  return requestJson<CreatedKey>("/api/keys", {
    method: "POST",
    body: { name, project, scopes: ["ingest"] },
  });
}
