import { openEmbedded } from "@/db/clickhouse/open-embedded";
import { openServer } from "@/db/clickhouse/open-server";
import { type StoreMemory, watchWrites } from "@/db/clickhouse/store-memory";
import type { Log } from "@/lib/log";

/** A value a `{name: Type}` placeholder can be bound to. */
export type BoundValue =
  | string
  | number
  | boolean
  | bigint
  | readonly string[]
  | readonly number[]
  | readonly bigint[];

/** Query settings by name; they travel in the SQL text, see `withSettings`. */
export type QuerySettings = Readonly<Record<string, string | number>>;

/**
 * The calls store: one interface, two ways to reach a ClickHouse. This file chooses; nothing else knows.
 */
export interface ClickHouse {
  readonly kind: "embedded" | "server";
  /** What needs not be asked again; absent where other processes write to the same store. */
  readonly memory?: StoreMemory;
  /**
   * Runs a SELECT with bound `{name: Type}` parameters. The text has no SETTINGS of its own.
   * @returns rows as JSON objects; decimals and 64-bit integers are strings, so that no digit is lost.
   * @param signal of who asks: aborted, a question that still waits for its turn is dropped. One that runs in the
   * embedded engine ends, which has no way to stop it.
   * @throws QueryFailedError when the engine refuses, takes longer than its limit or is out of reach; AbandonedError
   * when `signal` was aborted first.
   */
  query(
    sql: string,
    params?: Readonly<Record<string, BoundValue>>,
    settings?: QuerySettings,
    signal?: AbortSignal,
  ): Promise<unknown[]>;
  /**
   * Inserts rows given as JSON text, one object a line (`JSONEachRow`), as one block.
   * Resolves when the rows are on disk (the table's `fsync_after_insert`).
   * @throws QueryFailedError; then none of the rows, or (out of reach) perhaps all, are stored.
   */
  insertLines(table: string, lines: string): Promise<void>;
  /** Runs a statement without a result (DDL, a delete), with bound parameters. @throws QueryFailedError */
  command(
    sql: string,
    params?: Readonly<Record<string, BoundValue>>,
    settings?: QuerySettings,
  ): Promise<void>;
  /** True when the engine answers. Never throws. */
  ping(): Promise<boolean>;
  /** Waits for what runs, then lets go of the engine. */
  close(): Promise<void>;
}

/**
 * Opens the calls store: the server behind `url`, or without one the engine inside this process, in
 * `<dataDir>/clickhouse`.
 * @throws StoreOpenError with one clear sentence and a code: `data_dir_locked`, `data_dir_unusable`,
 * `engine_missing`, `server_unreachable`, `bad_url`.
 */
export async function openClickHouse(options: {
  url: string | null;
  dataDir: string;
  log: Log;
}): Promise<ClickHouse> {
  return options.url === null
    ? watchWrites(await openEmbedded({ dataDir: options.dataDir, log: options.log }))
    : openServer({ url: options.url, log: options.log });
}
