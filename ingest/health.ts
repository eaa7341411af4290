import type { CallsWriter } from "@/ingest/calls/write-calls";
import type { SpansWriter } from "@/ingest/link/write-spans";
import type { Spool } from "@/ingest/spool/open-spool";
import type { Backlog, Readiness as RuntimeReadiness } from "@/lib/runtime";

export interface HealthDeps {
  spool: Spool;
  calls: CallsWriter;
  spans: Pick<SpansWriter, "backlog" | "isHealthy">;
  counters: { isHealthy(): boolean };
  clickhouse: { ping(): Promise<boolean> };
  postgres: { ping(): Promise<boolean> };
}

/** The answer of `GET /readyz`. */
export interface Readiness {
  clickhouse: boolean;
  postgres: boolean;
  spool: { events: number; bytes: number; oldest_seconds: number };
  /** Spans whose calls are in the ledger as they came, and which are not linked with their traces yet. */
  spans: { events: number; bytes: number; oldest_seconds: number };
  /** Something is wrong that costs nobody an event: a store is away, or a reader of the spool is failing. */
  degraded: boolean;
}

/** The answer of `GET /readyz` where no spool is. */
export interface WebReadiness extends Omit<Readiness, "spool" | "spans"> {
  spool: null;
  spans: null;
}

/** A store that does not answer in this time counts as away: a probe must not hang with it. */
const PING_TIMEOUT_MS = 2_000;

/**
 * Says whether this process can do its job. Ingest needs the spool alone; that a store is away is told as
 * `degraded` and does not take the process out of rotation, because its 202 still holds.
 * @returns `isReady` false with the reason where the spool takes nothing.
 */
export async function checkReadiness(
  deps: HealthDeps,
): Promise<{ isReady: boolean; reason: string | null; body: Readiness }> {
  const [clickhouse, postgres] = await Promise.all([
    answers(deps.clickhouse),
    answers(deps.postgres),
  ]);
  const isReady = deps.spool.isWritable();
  const areReadersHealthy =
    deps.calls.isHealthy() && deps.counters.isHealthy() && deps.spans.isHealthy();
  return {
    isReady,
    reason: isReady ? null : "The spool takes no events: it is full, or its disk fails.",
    body: {
      clickhouse,
      postgres,
      spool: toBacklog(deps.calls.backlog()),
      spans: toBacklog(deps.spans.backlog()),
      degraded: !(clickhouse && postgres && isReady && areReadersHealthy),
    },
  };
}

/**
 * The same for a process without a spool (role `web`): its job is to answer people, which takes both stores.
 * @returns `spool` null: this process knows of none, which is not the same as an empty one
 */
export async function checkWebReadiness(
  deps: Pick<HealthDeps, "clickhouse" | "postgres">,
): Promise<{ isReady: boolean; reason: string | null; body: WebReadiness }> {
  const [clickhouse, postgres] = await Promise.all([
    answers(deps.clickhouse),
    answers(deps.postgres),
  ]);
  const isReady = clickhouse && postgres;
  return {
    isReady,
    reason: isReady ? null : `${clickhouse ? "PostgreSQL" : "ClickHouse"} does not answer.`,
    body: { clickhouse, postgres, spool: null, spans: null, degraded: !isReady },
  };
}

/** The same in one shape for a process with a spool and for one without, for people's pages. */
export async function tellReadiness(
  check: ReturnType<typeof checkReadiness> | ReturnType<typeof checkWebReadiness>,
): Promise<RuntimeReadiness> {
  const { isReady, reason, body } = await check;
  const { clickhouse, postgres, degraded } = body;
  return { isReady, reason, clickhouse, postgres, isDegraded: degraded };
}

function toBacklog({ events, bytes, oldestSeconds }: Backlog): Readiness["spool"] {
  return { events, bytes, oldest_seconds: Math.round(oldestSeconds * 1000) / 1000 };
}

async function answers(store: { ping(): Promise<boolean> }): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PING_TIMEOUT_MS);
  });
  try {
    return await Promise.race([store.ping().catch(() => false), late]);
  } finally {
    clearTimeout(timer);
  }
}
