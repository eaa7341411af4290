/** One record of the spool: rows of a group commit, with what the marks need to count backlogs without reading. */
export interface SpoolRecord {
  /** Arrival of its first event, microseconds since 1970. */
  arrivedUs: number;
  events: number;
  /** All events and bytes ever spooled, this record included. */
  totalEvents: number;
  totalBytes: number;
  /** Lines of `JSONEachRow`, UTF-8. */
  lines: Buffer;
}

const HEADER_BYTES = 32;

/** @returns `totalBytes` counts the lines, which is what the backlog reports and blocks are made of. */
export function encodeRecord(record: Omit<SpoolRecord, "lines">, lines: string): Buffer {
  const value = Buffer.allocUnsafe(HEADER_BYTES + Buffer.byteLength(lines));
  value.writeDoubleLE(record.arrivedUs, 0);
  value.writeDoubleLE(record.events, 8);
  value.writeDoubleLE(record.totalEvents, 16);
  value.writeDoubleLE(record.totalBytes, 24);
  value.write(lines, HEADER_BYTES, "utf8");
  return value;
}

export function decodeRecord(value: Buffer): SpoolRecord {
  return {
    arrivedUs: value.readDoubleLE(0),
    events: value.readDoubleLE(8),
    totalEvents: value.readDoubleLE(16),
    totalBytes: value.readDoubleLE(24),
    lines: value.subarray(HEADER_BYTES),
  };
}
