import type { WholeCall } from "@/components/calls/call-answer";
import { requestJson } from "@/lib/api-client";

/** Takes a call out of every sum, or puts it back (`POST /api/calls/{id}/void`, `/restore`). @returns the call after it */
export function correctCall(
  call: WholeCall,
  verb: "void" | "restore",
  reason: string,
): Promise<WholeCall> {
  const query = new URLSearchParams({ project: call.project, timestamp: call.timestamp });
  const path = `/api/calls/${encodeURIComponent(call.id)}/${verb}`;
  return requestJson<WholeCall>(path, { method: "POST", query, body: { reason } });
}
