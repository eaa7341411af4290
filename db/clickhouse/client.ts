/**
 * The calls store: one interface, two ways to reach a ClickHouse. This file chooses; nothing else knows.
 */
export interface ClickHouse {
  readonly kind: "embedded" | "server";
  /**
   * Runs a SELECT with bound `{name: Type}` parameters.
   * @returns rows as JSON objects; decimals and 64-bit integers are strings, so that no digit is lost.
   * @throws ClickHouseQueryError when the engine refuses or is out of reach.
   */
  query(sql: string, params?: Record<string, unknown>): Promise<unknown[]>;
  /**
   * Inserts rows given as JSON text, one object a line (`JSONEachRow`), as one block.
   * Resolves when the rows are on disk (the table's `fsync_after_insert`).
   */
  insertLines(table: string, lines: string): Promise<void>;
  /** Runs a statement without a result (DDL). */
  command(sql: string): Promise<void>;
  /** True when the engine answers. Never throws. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}
