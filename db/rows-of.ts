/**
 * The rows of a statement that was sent as SQL: PGlite answers an object with them, `postgres` a list, and drizzle hands
 * on what it was given. @throws TypeError for anything else
 */
export function rowsOf(result: unknown): unknown[] {
  if (Array.isArray(result)) return result;
  if (typeof result === "object" && result !== null && "rows" in result) {
    if (Array.isArray(result.rows)) return result.rows;
  }
  throw new TypeError("the driver answered no rows");
}
