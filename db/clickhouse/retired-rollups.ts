/**
 * A rollup that is given up for good: an hour whose day has a generation of its own, a block of which a day is sealed.
 * A flip that covers more than any
 * change replaces it by a generation without rows, so that no reader takes it any more and its rows are deleted like
 * those of every generation that was replaced. No change is ever that great (they are microseconds since 1970, summed
 * over writers), and it is less than what seals a bucket.
 */
export const RETIRED = 1n << 62n;

/** SQL: whether a flip is the last one of its rollup. @param flip an expression of the flip's type */
export function isRetiredSql(flip: string): string {
  return `${flip}.1 >= toUInt64(${RETIRED})`;
}
