/**
 * Whether PostgreSQL refused a statement for a value in it (SQLSTATE class 22, data exceptions, and 23, constraints):
 * trying it again as it is would fail for ever.
 */
export function isRefusedValue(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && /^2[23][0-9A-Z]{3}$/.test(String(cause.code))) return true;
  }
  return false;
}
