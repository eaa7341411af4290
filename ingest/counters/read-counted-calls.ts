import { scanRow } from "@/ingest/spool/scan-row";
import { type CountedCall, toCountedCall } from "@/lib/budgets/counted-call";

const RESERVATION = ',"reservation_id":"';
/** Parsed in one go: a block is 4 MB, and pages and requests must not wait for all of it. */
const SLICE_CHARACTERS = 512 * 1024;

/** Whether any row of a block may name a reservation. */
export function namesReservation(lines: string): boolean {
  return lines.includes(RESERVATION);
}

/**
 * Reads those rows of a block that budgets care about, of what counts: of the projects asked for, and every one with a reservation.
 * Only these are parsed, which costs more than all else that a reader does with a row.
 * @returns the calls in the order of the block, and how many rows could not be read
 */
export async function readCountedCalls(
  lines: string,
  mustRead: (projectId: string) => boolean,
): Promise<{ calls: CountedCall[]; brokenRows: number }> {
  const calls: CountedCall[] = [];
  let brokenRows = 0;
  let reservationAt = -1;
  let pauseAt = SLICE_CHARACTERS;
  for (let start = 0; start < lines.length; ) {
    if (start > pauseAt) {
      await new Promise(setImmediate);
      pauseAt = start + SLICE_CHARACTERS;
    }
    const lineEnd = lines.indexOf("\n", start);
    const end = lineEnd < 0 ? lines.length : lineEnd;
    const from = start;
    start = end + 1;
    // Looked for once and kept until it lies behind us, so that each character is looked at once.
    if (reservationAt < from) {
      const found = lines.indexOf(RESERVATION, from);
      reservationAt = found < 0 ? Number.POSITIVE_INFINITY : found;
    }
    const row = scanRow(lines, from, end);
    // A row without project or bucket is told by whoever counts all rows.
    if (!row?.isCounted || !(reservationAt < end || mustRead(row.projectId))) continue;
    const call = readCall(lines.slice(from, end));
    if (call) calls.push(call);
    else brokenRows++;
  }
  return { calls, brokenRows };
}

function readCall(line: string): CountedCall | null {
  try {
    const row: unknown = JSON.parse(line);
    return typeof row === "object" && row !== null ? toCountedCall({ ...row }) : null;
  } catch {
    return null;
  }
}
