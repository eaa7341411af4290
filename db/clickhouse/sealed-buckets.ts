/**
 * Sealed buckets and days (migrations/0005): their calls expired, their sums stay. The flip of one covers its change
 * plus 2^63. No change is ever that great (they are microseconds since 1970, summed over writers), so a sealed flip is
 * the last one that counts.
 */
export const SEALED = 1n << 63n;

/** SQL: whether a flip seals its bucket. @param flip an expression of the flip's type */
export function isSealedSql(flip: string): string {
  return `${flip}.1 >= toUInt64(${SEALED})`;
}

/** SQL: the change a flip covers, of a sealed one too. */
export function coveredSql(flip: string): string {
  return `bitAnd(${flip}.1, toUInt64(${SEALED - 1n}))`;
}

/** SQL: a call's identity within its bucket, as `sealed_calls` keeps it. */
export const ID_HASH = "sipHash64(id)";
