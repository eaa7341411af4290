import type { ClickHouse } from "@/db/clickhouse/client";

/** Nobody waits for the answer any more: the browser left the page. No failure, and nothing to log. */
export class AbandonedError extends Error {
  readonly isAbandoned = true;
  constructor() {
    super("nobody waits for this answer any more");
    this.name = "AbandonedError";
  }
}

/** Told by shape: modules are loaded twice. */
export function isAbandoned(error: unknown): boolean {
  return error instanceof Error && "isAbandoned" in error && error.isAbandoned === true;
}

/**
 * The same store for one request that only reads: what it still has to ask is dropped with an AbandonedError once
 * `signal` is aborted. A value that is handed on, rather than a context that follows promises: such a context costs
 * every promise of the process a little, and would reach into answers that requests share.
 */
export function abandonWith(clickhouse: ClickHouse, signal: AbortSignal): ClickHouse {
  return {
    ...clickhouse,
    query: (sql, params, settings) => clickhouse.query(sql, params, settings, signal),
  };
}
