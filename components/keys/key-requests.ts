import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { requestJson } from "@/lib/api-client";
import type { createdKeySchema, KeyAnswer } from "@/lib/keys/key-schemas";
import type { KeyScope } from "@/lib/permissions";

/** The answer to a new key. `key` is in this answer only: the server keeps a hash. */
export type CreatedKey = z.output<typeof createdKeySchema>;

const KEPT_FRESH_MS = 30_000;

/** Keys of one project by slug, or with `*` of all where one may see keys. "Last used" moves by the minute. */
export function keysQuery(project: string) {
  const query = new URLSearchParams({ project });
  return queryOptions({
    queryKey: ["keys", project],
    queryFn: ({ signal }) => requestJson<{ keys: KeyAnswer[] }>("/api/keys", { query, signal }),
    refetchInterval: KEPT_FRESH_MS,
  });
}

interface NewKey {
  name: string;
  project: string;
  scopes: KeyScope[];
  installation: boolean;
}

/** Makes a key (`POST /api/keys`). */
export function createKey(body: NewKey): Promise<CreatedKey> {
  return requestJson<CreatedKey>("/api/keys", { method: "POST", body });
}

/** Makes what an agent needs: a key that may send events to one project and ask before it spends. @param project its slug */
export function createAgentKey(name: string, project: string): Promise<CreatedKey> {
  return createKey({ name, project, scopes: ["ingest", "guard"], installation: false });
}

/** Makes a key like this one (`POST /api/keys/{id}/rotate`); this one stays. */
export function rotateKey(id: string): Promise<CreatedKey> {
  return requestJson<CreatedKey>(`/api/keys/${id}/rotate`, { method: "POST" });
}

/** Gives a key another name (`PATCH /api/keys/{id}`). */
export function renameKey(id: string, name: string): Promise<KeyAnswer> {
  return requestJson<KeyAnswer>(`/api/keys/${id}`, { method: "PATCH", body: { name } });
}

/** Takes a key back (`DELETE /api/keys/{id}`). */
export function revokeKey(id: string): Promise<KeyAnswer> {
  return requestJson<KeyAnswer>(`/api/keys/${id}`, { method: "DELETE" });
}
