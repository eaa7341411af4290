import { classifyInsertFault, describeFault } from "@/ingest/calls/insert-fault";

/** A row that the store refuses by its content, with the engine's words. */
export interface RefusedRow {
  line: string;
  reason: string;
}

/** Refused rows after which, with none taken, the table is at fault and not the rows. */
const SUSPICIOUS_REFUSALS = 20;

/**
 * Inserts a block that failed by its content in halves, down to the rows that are refused; the others get in.
 * Repeating rows is harmless: the table keeps one of each identity and version.
 *
 * @throws the engine's error where it is an outage, and where many rows are refused and none is taken: a missing
 * column refuses everything, and setting everything aside would hide an outage as ten thousand bad events.
 */
export async function isolateRows(
  lines: string,
  insert: (lines: string) => Promise<void>,
): Promise<RefusedRow[]> {
  const refused: RefusedRow[] = [];
  let isAnyTaken = false;
  const attempt = async (rows: readonly string[]): Promise<void> => {
    try {
      await insert(rows.join(""));
      isAnyTaken = true;
    } catch (error) {
      if (classifyInsertFault(error) === "outage") throw error;
      if (rows.length > 1) {
        const middle = rows.length >> 1;
        await attempt(rows.slice(0, middle));
        await attempt(rows.slice(middle));
        return;
      }
      refused.push({ line: rows[0] ?? "", reason: describeFault(error) });
      if (!isAnyTaken && refused.length >= SUSPICIOUS_REFUSALS) throw error;
    }
  };
  await attempt(lines.match(/[^\n]+\n/g) ?? []);
  return refused;
}
