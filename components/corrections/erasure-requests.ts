import { requestJson } from "@/lib/api-client";
import type { CorrectionAnswer, ErasureInput } from "@/lib/corrections/correction-schemas";

/** Asks for an erasure, or with `dry_run` what it would reach (`POST /api/erasures`). @param project its slug */
export function requestErasure(project: string, body: ErasureInput): Promise<CorrectionAnswer> {
  const query = new URLSearchParams({ project });
  return requestJson<CorrectionAnswer>("/api/erasures", { method: "POST", query, body });
}

/** How far an erasure is (`GET /api/erasures/{id}`). */
export function findErasure(project: string, id: string, signal: AbortSignal) {
  const query = new URLSearchParams({ project });
  return requestJson<CorrectionAnswer>(`/api/erasures/${id}`, { query, signal });
}
