import { toDateTimeText, toVersion } from "@/db/clickhouse/llm-call-row";
import type { ArrivalClock } from "@/ingest/spool/arrival-clock";
import type { SpoolEvent, SpoolOutcome } from "@/ingest/spool/spool-event";
import { encodeRecord } from "@/ingest/spool/spool-record";

/** Rows of one record: large enough that a full block is few records, small enough to find free pages for. */
const MAX_RECORD_CHARS = 256 * 1024;

export interface EncodedGroup {
  records: Buffer[];
  events: number;
  /** Bytes of lines in all records. */
  bytes: number;
  totalEvents: number;
  totalBytes: number;
}

/**
 * Turns the accepted events of a group commit into records, giving each its arrival in order. The arrival is
 * set here and not when the row was derived: the order of the spool, of the identity index and of the
 * table's versions is then one order, and all three keep the same first event.
 */
export function encodeGroup(
  events: readonly SpoolEvent[],
  outcomes: readonly SpoolOutcome[],
  clock: ArrivalClock,
  before: { totalEvents: number; totalBytes: number },
): EncodedGroup {
  const nowMs = Date.now();
  const group: EncodedGroup = { records: [], events: 0, bytes: 0, ...before };
  let lines = "";
  let count = 0;
  let arrivedUs = 0;
  const flush = (): void => {
    if (count === 0) return;
    const bytes = Buffer.byteLength(lines);
    group.events += count;
    group.bytes += bytes;
    group.totalEvents += count;
    group.totalBytes += bytes;
    const { totalEvents, totalBytes } = group;
    group.records.push(encodeRecord({ arrivedUs, events: count, totalEvents, totalBytes }, lines));
    lines = "";
    count = 0;
  };
  events.forEach((event, i) => {
    if (outcomes[i] !== "accepted") return;
    const us = clock.next(nowMs);
    if (count === 0) arrivedUs = us;
    lines += `{"version":"${toVersion(0, us)}","ingested_at":"${toDateTimeText(us)}"${event.row}`;
    count++;
    if (lines.length > MAX_RECORD_CHARS) flush();
  });
  flush();
  return group;
}
