import type { EventFields } from "../queue/recorder.ts";
import type { AskedCall } from "./asked-call.ts";

/** The fields that every call's event has. @param startedAt ms since 1970 */
export function callEvent(
  call: AskedCall,
  startedAt: number,
  durationMs: number,
  reservationId: string | null,
): EventFields {
  const { tags, type } = call;
  return {
    type,
    timestamp: new Date(startedAt).toISOString(),
    agent: tags.agent,
    task: tags.task,
    task_type: tags.task_type,
    feature: tags.feature,
    user: tags.user,
    session: tags.session,
    trace_id: call.traceId,
    span_id: call.spanId,
    parent_span_id: call.parentSpanId ?? undefined,
    duration_ms: Math.max(0, Math.round(durationMs * 1000) / 1000),
    reservation_id: reservationId ?? undefined,
    metadata: tags.metadata,
  };
}
