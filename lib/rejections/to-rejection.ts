import type { RejectionRow } from "@/db/queries/rejections";
import type { FieldError } from "@/lib/errors";
import type { RejectionAnswer } from "@/lib/rejections/rejection-schemas";

/** A stored rejection as it is answered. @param slug its project's */
export function toRejection(row: RejectionRow, slug: string): RejectionAnswer {
  return {
    id: row.id,
    project: slug,
    kind: row.kind,
    fingerprint: row.fingerprint,
    event_id: row.eventId,
    errors: row.errors as FieldError[],
    body: row.body,
    truncated: row.isTruncated,
    content_dropped: row.isContentDropped,
    received_at: row.receivedAt.toISOString(),
    state: row.state,
    retried_at: row.retriedAt?.toISOString() ?? null,
  };
}
