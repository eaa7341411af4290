import type { Dialect } from "@/ingest/otlp/dialects/dialect";
import type { FieldReader } from "@/ingest/otlp/field-reader";
import { toDollars } from "@/ingest/otlp/to-dollars";
import { formatUsd } from "@/lib/money";

/** What languages write for nothing where they write everything as text. */
const NOTHING = /^(|null|none|undefined)$/i;

/**
 * The first amount that a record names as its cost. What is there but is no amount (negative, NaN, 1e308, words) is told
 * in `faults` by its place, and the next place is tried.
 * @returns a plain decimal of US dollars; null for none, and for 0, which clients write where they know no price
 */
export function readCost(
  fields: FieldReader,
  dialects: readonly Dialect[],
  faults: string[],
): string | null {
  for (const place of new Set(dialects.flatMap((dialect) => dialect.facts?.costUsd ?? []))) {
    const told = fields.value(place);
    if (told === undefined || (typeof told === "string" && NOTHING.test(told.trim()))) continue;
    const femto = toDollars(told);
    if (femto === null) faults.push(place);
    else if (femto > 0n) return formatUsd(femto);
  }
  return null;
}
