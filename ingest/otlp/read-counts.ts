import type { Dialect, TokenField } from "@/ingest/otlp/dialects/dialect";
import type { FieldReader } from "@/ingest/otlp/field-reader";
import { findUnknownCounts } from "@/ingest/otlp/find-unknown-counts";

export type PrintedCounts = Partial<Record<TokenField, number>>;

/** Counts under names of nobody we know: what Anthropic's API prints leaves out what is cached, whoever passes it on. */
const UNKNOWN: Dialect = { name: "unknown", marks: {}, inputWithoutCache: ["anthropic"] };

/** The counts a record prints, and the dialect that its input and output were read by. */
export interface CountsReading {
  counts: PrintedCounts;
  dialect: Dialect | null;
  /** Places whose value is no count. */
  faults: string[];
}

/** They say what was spent; the rest are parts of them, or another unit. */
const WHOLES: readonly TokenField[] = ["input", "output", "total"];

/**
 * Input and output come from one dialect, because dialects differ in what they count to it; a part that it does not
 * print is taken from another dialect of the same record. Where no dialect finds any, all names are looked through.
 */
export function readCounts(fields: FieldReader, dialects: readonly Dialect[]): CountsReading {
  const faults: string[] = [];
  const counts: PrintedCounts = {};
  const speaker = dialects.find((dialect) => {
    for (const field of WHOLES) read(dialect, field);
    return counts.input !== undefined || counts.output !== undefined;
  });
  // One that prints only a total is asked last: it may be a sum of more than its own call.
  const order = speaker
    ? [speaker, ...dialects.filter((dialect) => dialect !== speaker)]
    : dialects;
  for (const dialect of order) {
    for (const field of Object.keys(dialect.tokens ?? {}) as TokenField[]) {
      if (!WHOLES.includes(field)) read(dialect, field);
    }
  }
  if (faults.length > 0) {
    // The rest of a total would put a number in the place of the one that was dropped.
    delete counts.total;
    return { counts, dialect: speaker ?? null, faults: [...new Set(faults)] };
  }
  const isUnknown = speaker === undefined && counts.total === undefined;
  const unknown = isUnknown ? findUnknownCounts(fields) : {};
  const dialect = unknown.input === undefined ? (speaker ?? null) : UNKNOWN;
  return { counts: { ...counts, ...unknown }, dialect, faults };

  function read(dialect: Dialect, field: TokenField): void {
    if (counts[field] !== undefined) return;
    const count = fields.count(dialect.tokens?.[field], faults);
    if (count !== null) counts[field] = count;
  }
}
