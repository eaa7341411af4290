import type { ClickHouse } from "@/db/clickhouse/client";
import type { Postgres } from "@/db/postgres";
import type { AttemptLimiter } from "@/lib/auth/attempt-limiter";
import type { Env } from "@/lib/env";
import type { KeyVerifier } from "@/lib/keys/verify-key";
import type { Log } from "@/lib/log";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import type { Secrets } from "@/lib/settings/load-secrets";
import type { PreviewTags } from "@/lib/traces/tag-preview";

/** How far the figures reach. */
export interface Freshness {
  /** Events accepted but not queryable yet. */
  events: number;
  /** Every event accepted up to this instant is queryable; ms since 1970. */
  freshToMs: number;
}

/** How far behind the stores one spool is. */
export interface Backlog extends Freshness {
  bytes: number;
  /** Age of the oldest of its events in seconds; 0 without a backlog. */
  oldestSeconds: number;
}

/** What `GET /readyz` of this process says. */
export interface Readiness {
  /** It can do its job. */
  isReady: boolean;
  /** Why it cannot. */
  reason: string | null;
  /** The store answers. */
  clickhouse: boolean;
  postgres: boolean;
  /** Something is wrong, though perhaps nothing that stops it. */
  isDegraded: boolean;
}

/** What the one process opened: the only mutable state that modules share. */
export interface Runtime {
  env: Env;
  log: Log;
  clickhouse: ClickHouse;
  postgres: Postgres;
  /** Current prices, reloaded when an override changes. */
  prices: PriceBookHolder;
  /** Verified keys of the hot path; told to forget what a person revokes. */
  keys: KeyVerifier;
  /** Failed sign-ins, counted to slow a guesser down. */
  signIns: AttemptLimiter;
  /** The backlog of this process's own spool; null in a role without one (web). */
  backlog(): Backlog | null;
  /** How far the figures reach, all processes together; null: none that takes events has told. Never throws. */
  freshness(): Promise<Freshness | null>;
  /** Asks what `/readyz` asks. Never throws. */
  readiness(): Promise<Readiness>;
  /** Told when a correction was asked for, so that the job need not look; in a role without the job it does nothing. */
  corrections: { wake(): void };
  /** Told when a budget is to be counted from the ledger; a new one is waited for so long, in milliseconds, 0 not at all. */
  budgets: { wake(): void; waitMs: number };
  /** Told when alerts were recorded or a delivery is to be sent; in a role without the jobs it does nothing. */
  alerts: { wake(): void };
  /** Somebody asked for a rejected event to be tried again; without a spool another process hears of it in a second. */
  retries: { wake(): void };
  /** Tries rules for tags on spans this process received lately; in a role without ingest there are none. */
  previewTags: PreviewTags;
  /** Secrets that were given, or generated once and kept in the data directory or the database. */
  secrets: Secrets;
  /** Where people reach this process: OUTLAY_PUBLIC_URL, or the address it listens on. */
  publicUrl: string;
}

/**
 * server.ts and Next's bundles load every module twice in one process. A module variable would exist
 * twice too (two PGlite instances on one folder lose rows), hence one slot on globalThis.
 */
const SLOT = Symbol.for("outlay.runtime");
type Slots = typeof globalThis & { [SLOT]?: Runtime };

/** Opened once, by server.ts (or by a test). */
export function setRuntime(runtime: Runtime | null): void {
  const slots = globalThis as Slots;
  if (runtime) slots[SLOT] = runtime;
  else delete slots[SLOT];
}

/** @throws Error when nothing opened the stores: a page rendered at build time must not reach here. */
export function getRuntime(): Runtime {
  const runtime = (globalThis as Slots)[SLOT];
  if (!runtime) throw new Error("the stores are not open: start the process with server.ts");
  return runtime;
}
