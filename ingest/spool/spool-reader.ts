import { isAscii } from "node:buffer";
import { decodeRecord } from "@/ingest/spool/spool-record";
import type { SpoolStore, WriteRunner } from "@/ingest/spool/spool-store";

/** How far one reader has come: everything up to and including `sequence` is done. */
export interface Mark {
  sequence: number;
  /** All events and bytes ever spooled up to there. */
  totalEvents: number;
  totalBytes: number;
}

/** Whole records in spool order, as one text. */
export interface SpoolBlock {
  /** Lines of `JSONEachRow`. */
  lines: string;
  events: number;
  bytes: number;
  /** Where the mark goes when the block is done. */
  mark: Mark;
}

export const START: Mark = { sequence: 0, totalEvents: 0, totalBytes: 0 };

/**
 * Reads whole records after a mark until a limit is reached; one record at least.
 * @returns null where there is none.
 */
export function readBlock(
  store: SpoolStore,
  after: Mark,
  limits: { events: number; bytes: number },
): SpoolBlock | null {
  const parts: Buffer[] = [];
  let events = 0;
  let bytes = 0;
  let mark = after;
  for (const { key, value } of store.records.getRange({ start: after.sequence + 1 })) {
    const record = decodeRecord(value);
    const isOver =
      events + record.events > limits.events || bytes + record.lines.length > limits.bytes;
    if (parts.length > 0 && isOver) break;
    parts.push(record.lines);
    events += record.events;
    bytes += record.lines.length;
    mark = { sequence: key, totalEvents: record.totalEvents, totalBytes: record.totalBytes };
  }
  if (parts.length === 0) return null;
  return { lines: decode(Buffer.concat(parts)), events, bytes, mark };
}

/** Nearly all rows are ASCII, which is told and decoded in two thirds of the time. */
function decode(bytes: Buffer): string {
  return bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
}

/** The mark of a reader that has done everything up to a record; null where that is not there. */
export function markAt(store: SpoolStore, sequence: number): Mark | null {
  const value = store.records.getBinaryFast(sequence);
  if (!value) return null;
  const { totalEvents, totalBytes } = decodeRecord(value);
  return { sequence, totalEvents, totalBytes };
}

/** Arrival of a record's first event in microseconds since 1970; reads the header only. */
export function arrivalOf(store: SpoolStore, sequence: number): number | null {
  const value = store.records.getBinaryFast(sequence);
  return value ? decodeRecord(value).arrivedUs : null;
}

/** The end of the log: its last record, or where none is left the mark furthest ahead. */
export function findTail(store: SpoolStore, marks: Marks): Mark {
  for (const sequence of store.records.getKeys({ reverse: true, limit: 1 })) {
    const value = store.records.getBinaryFast(sequence);
    if (!value) break;
    const { totalEvents, totalBytes } = decodeRecord(value);
    return { sequence, totalEvents, totalBytes };
  }
  return { ...marks.furthest() };
}

function beforeFirstRecord(store: SpoolStore): Mark | null {
  for (const { key, value } of store.records.getRange({ limit: 1 })) {
    const record = decodeRecord(value);
    return {
      sequence: key - 1,
      totalEvents: record.totalEvents - record.events,
      totalBytes: record.totalBytes - record.lines.length,
    };
  }
  return null;
}

/** Marks of all readers. Moving one deletes the records that every reader has done. */
export class Marks {
  readonly #store: SpoolStore;
  readonly #marks = new Map<string, Mark>();

  /** @param readers all readers there are; the mark of any other is dropped, or the spool would never empty. */
  constructor(store: SpoolStore, readers: readonly string[]) {
    this.#store = store;
    for (const name of readers) {
      const text = store.marks.get(name);
      if (text) this.#marks.set(name, JSON.parse(text) as Mark);
    }
    // A new reader starts with the oldest record there is.
    const start = beforeFirstRecord(store) ?? this.furthest();
    for (const name of readers) {
      if (!this.#marks.has(name)) this.#marks.set(name, start);
    }
  }

  of(reader: string): Mark {
    return this.#marks.get(reader) ?? START;
  }

  /** The mark furthest ahead; its totals are the spool's where no record is left. */
  furthest(): Mark {
    let furthest = START;
    for (const mark of this.#marks.values()) {
      if (mark.sequence > furthest.sequence) furthest = mark;
    }
    return furthest;
  }

  /** Writes a reader's new mark inside a transaction. */
  write(reader: string, mark: Mark, run: WriteRunner): void {
    run(this.#store.marks.put(reader, JSON.stringify(mark)));
    const end = this.#doneByAll(reader, mark) + 1;
    for (const key of this.#store.records.getKeys({ start: 0, end })) {
      run(this.#store.records.remove(key));
    }
  }

  /** Takes over a mark whose transaction is on disk. */
  moved(reader: string, mark: Mark): void {
    this.#marks.set(reader, mark);
  }

  #doneByAll(moving: string, mark: Mark): number {
    let least = mark.sequence;
    for (const [name, other] of this.#marks) {
      if (name !== moving) least = Math.min(least, other.sequence);
    }
    return least;
  }
}
