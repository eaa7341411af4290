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

/**
 * Makes a record's value, its lines still to be written.
 * @returns the value and where its lines begin.
 */
export function makeRecord(
  record: Omit<SpoolRecord, "lines">,
  linesBytes: number,
): { value: Buffer; start: number } {
  const value = Buffer.allocUnsafeSlow(HEADER_BYTES + linesBytes);
  value.writeDoubleLE(record.arrivedUs, 0);
  value.writeDoubleLE(record.events, 8);
  value.writeDoubleLE(record.totalEvents, 16);
  value.writeDoubleLE(record.totalBytes, 24);
  return { value, start: HEADER_BYTES };
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
