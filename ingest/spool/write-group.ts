import { toVersion } from "@/db/clickhouse/llm-call-row";
import { dateTimeText } from "@/ingest/events/date-time-text";
import type { ArrivalClock } from "@/ingest/spool/arrival-clock";
import type { SpoolEvent, SpoolOutcome } from "@/ingest/spool/spool-event";
import { makeRecord } from "@/ingest/spool/spool-record";

/** Rows of one record: large enough that a full block is few records, small enough to find free pages for. */
const MAX_RECORD_BYTES = 256 * 1024;

/** Version of a row as received at 0 µs; the table's rule makes each later microsecond one less. */
const FIRST_VERSION = Number(toVersion(0, 0));

export interface EncodedGroup {
  records: Buffer[];
  /** Lines of what was said in them. */
  contents: Buffer[];
  totalEvents: number;
  totalBytes: number;
}

/** A row with the arrival members that go in front of it. */
interface Line {
  arrival: string;
  row: Buffer;
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
  const group: EncodedGroup = { records: [], contents: [], ...before };
  let lines: Line[] = [];
  let bytes = 0;
  let arrivedUs = 0;
  for (const [i, { row, content }] of events.entries()) {
    if (outcomes[i] !== "accepted") continue;
    const us = clock.next(nowMs);
    if (lines.length === 0) arrivedUs = us;
    const arrival = `{"version":"${FIRST_VERSION - us}","ingested_at":"${dateTimeText(us)}"`;
    lines.push({ arrival, row });
    if (content) group.contents.push(Buffer.concat([Buffer.from(arrival, "latin1"), content]));
    bytes += arrival.length + row.length;
    if (bytes < MAX_RECORD_BYTES) continue;
    addRecord(group, lines, bytes, arrivedUs);
    lines = [];
    bytes = 0;
  }
  if (lines.length > 0) addRecord(group, lines, bytes, arrivedUs);
  return group;
}

function addRecord(
  group: EncodedGroup,
  lines: readonly Line[],
  bytes: number,
  arrivedUs: number,
): void {
  group.totalEvents += lines.length;
  group.totalBytes += bytes;
  const { totalEvents, totalBytes } = group;
  const record = { arrivedUs, events: lines.length, totalEvents, totalBytes };
  const { value, start } = makeRecord(record, bytes);
  let at = start;
  for (const { arrival, row } of lines) {
    at += value.write(arrival, at, "latin1");
    at += row.copy(value, at);
  }
  group.records.push(value);
}
