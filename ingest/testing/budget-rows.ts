import { type CallRowOptions, makeCallRow } from "@/db/clickhouse/testing/make-call-row";
import type { SpoolEvent } from "@/ingest/spool/spool-event";

/** Rows as a reader is given them, one a line. */
export function toSpoolLines(calls: readonly CallRowOptions[]): string {
  return calls.map((call) => `${JSON.stringify(toRow(call))}\n`).join("");
}

/** Calls as the spool takes them: their arrival is set there. */
export function toSpoolEvents(calls: readonly CallRowOptions[]): SpoolEvent[] {
  return calls.map((call) => {
    const { version, ingested_at, ...row } = toRow(call);
    const { project_id: projectId, bucket, id } = row;
    const identity = { projectId, bucket, id, contentHash: Buffer.alloc(16) };
    return { row: Buffer.from(`,${JSON.stringify(row).slice(1)}\n`), identity };
  });
}

/** The members that a reader looks for stand where ingest writes them: the project first, what is derived last. */
function toRow(call: CallRowOptions) {
  const { version, ingested_at, project_id, bucket, id, cost_usd, reservation_id, ...facts } =
    makeCallRow(call);
  // What was not sent is left out.
  const named = reservation_id === "" ? {} : { reservation_id };
  const cost = cost_usd === null ? {} : { cost_usd };
  return { version, ingested_at, project_id, ...facts, ...named, bucket, id, ...cost };
}
