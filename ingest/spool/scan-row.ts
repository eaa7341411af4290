/** Where a row of the spool says whose it is and when it was. */
export interface ScannedRow {
  projectId: string;
  /** Start of its 15 minutes, seconds since 1970. */
  bucket: number;
  /** Where its derived members begin: from there to the row's end, no name is a sender's. */
  derivedAt: number;
  /** False for what repeats another call, or is none: it is stored, and counted nowhere. */
  isCounted: boolean;
}

const PROJECT = '"project_id":"';
const BUCKET = ',"bucket":';
/** Stands right behind the bucket. */
export const NOT_COUNTED = ',"counted":false';
const ZERO = 48;
const NINE = 57;

/**
 * Finds project and bucket in a row's text, as parsing the rows would cost more than all else a reader does.
 * `project_id` stands in front of everything a sender says. A sender's own names (tags) have text values, and no text
 * holds an unescaped quote: so the first `,"bucket":` that a digit follows is the column.
 * @param lines rows of `llm_calls` as the spool holds them, one a line.
 * @param start where the row begins. @param end where its line ends.
 * @returns null for a row without them.
 */
export function scanRow(lines: string, start: number, end: number): ScannedRow | null {
  const projectAt = lines.indexOf(PROJECT, start);
  if (projectAt < 0 || projectAt >= end) return null;
  const from = projectAt + PROJECT.length;
  const projectId = lines.slice(from, lines.indexOf('"', from));
  for (let at = from; ; ) {
    at = lines.indexOf(BUCKET, at);
    if (at < 0 || at >= end) return null;
    const derivedAt = at;
    at += BUCKET.length;
    let bucket = 0;
    const digitsAt = at;
    for (let digit = lines.charCodeAt(at); digit >= ZERO && digit <= NINE; ) {
      bucket = bucket * 10 + digit - ZERO;
      digit = lines.charCodeAt(++at);
    }
    if (at > digitsAt) {
      return { projectId, bucket, derivedAt, isCounted: !lines.startsWith(NOT_COUNTED, at) };
    }
  }
}
