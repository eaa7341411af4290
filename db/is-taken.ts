/** Whether PostgreSQL refused a row because another one has its unique value (SQLSTATE 23505). */
export function isTaken(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && cause.code === "23505") return true;
  }
  return false;
}
