/**
 * Why an insert failed. `content`: a row itself is refused, and will be for ever; trying again is no use.
 * `outage`: the store is away, full or busy; every row is fine. `unknown`: ClickHouse has eight hundred codes.
 */
export type InsertFault = "content" | "outage" | "unknown";

/**
 * ClickHouse's numbers for a value it cannot read or keep: CANNOT_PARSE_TEXT, ..._QUOTED_STRING, ..._INPUT_ASSERTION,
 * ..._DATE, ..._DATETIME, ..._NUMBER, ..._BOOL, CANNOT_READ_ARRAY, _MAP_FROM_TEXT, TYPE_MISMATCH, ARGUMENT_OUT_OF_BOUND,
 * DECIMAL_OVERFLOW, INCORRECT_DATA, TOO_LARGE_STRING_SIZE, TOO_LARGE_ARRAY_SIZE, CANNOT_INSERT_NULL, VIOLATED_CONSTRAINT,
 * CANNOT_CONVERT_TYPE, ILLEGAL_COLUMN of a type it refuses, VALUE_IS_OUT_OF_RANGE.
 */
const CONTENT_CODES = new Set(
  "6 25 26 27 38 41 53 69 70 72 117 128 130 131 321 349 407 467 469 632 634".split(" "),
);

/**
 * MEMORY_LIMIT_EXCEEDED, NOT_ENOUGH_SPACE, TOO_MANY_PARTS, timeouts, network and Keeper errors, a read-only or missing
 * table, a refused sign-in, too many queries, an aborted one, files that cannot be written.
 */
const OUTAGE_CODES = new Set(
  "24 60 74 75 76 81 158 159 160 164 202 209 210 241 242 243 252 279 319 394 425 439 497 516 999".split(
    " ",
  ),
);

/** ClickHouse's number for "this block needs more memory than I may take": a smaller block may pass. */
const MEMORY_LIMIT_EXCEEDED = "241";

/** @param error what `insertLines` rejected with; its `engineCode` is ClickHouse's number or a system code. */
export function classifyInsertFault(error: unknown): InsertFault {
  const code = engineCodeOf(error);
  // A system code (ECONNREFUSED) or none at all: nothing reached the engine.
  if (code === null || !/^\d+$/.test(code)) return "outage";
  if (CONTENT_CODES.has(code)) return "content";
  return OUTAGE_CODES.has(code) ? "outage" : "unknown";
}

export function isTooLargeABlock(error: unknown): boolean {
  return engineCodeOf(error) === MEMORY_LIMIT_EXCEEDED;
}

/** The engine's own words, for the log and for who looks at an event that was set aside. */
export function describeFault(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.slice(0, 1000);
}

/**
 * ClickHouse's number where the engine said one, else a system code. The embedded engine's insert has a code of
 * its own (`CHDB_INSERT`) and the number in its words.
 */
function engineCodeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code =
    "engineCode" in error && typeof error.engineCode === "string" ? error.engineCode : null;
  if (code !== null && /^\d+$/.test(code)) return code;
  const cause = error.cause instanceof Error ? error.cause.message : "";
  return /\bCode: (\d+)/.exec(cause)?.[1] ?? code;
}
