import { countReceived } from "@/db/clickhouse/queries/count-received";
import { findClickHouseVersion } from "@/db/clickhouse/queries/find-version";
import { countStaleBuckets } from "@/db/clickhouse/queries/list-stale-rollups";
import { countComparedDays, findPostgresVersion } from "@/db/queries/health";
import { findLastFullRun } from "@/db/queries/integrity";
import { sumRejections } from "@/db/queries/integrity-rejections";
import { OutlayError } from "@/lib/errors";
import { askPart } from "@/lib/health/ask-part";
import { describeFaults } from "@/lib/health/describe-faults";
import type { HealthAnswer } from "@/lib/health/health-schemas";
import { measureFolder } from "@/lib/health/measure-folder";
import type { Runtime } from "@/lib/runtime";
import packageJson from "@/package.json";

interface HealthContext {
  runtime: Pick<
    Runtime,
    "env" | "log" | "clickhouse" | "postgres" | "backlog" | "freshness" | "readiness"
  >;
  requestId: string | null;
  /** Whose events are counted. */
  projects: readonly { id: string }[];
  nowMs: number;
  partMs?: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MINUTES = 60;
/** Events are received soon after they happened, or are an import; the clocks of senders may be ahead by a day. */
const RECEIVED_WITHIN_MS = 2 * DAY_MS;
/** The job waits for late events, and lets a stream of them settle, before it sums anew. */
const BEHIND_MS = 5 * MINUTE_MS;

/** How the installation is: every part asked side by side, each known or with the reason why not, and none a made-up zero. */
export async function getHealth(context: HealthContext): Promise<HealthAnswer> {
  const { runtime, requestId, nowMs } = context;
  const { env, log, clickhouse, postgres } = runtime;
  const { partMs } = context;
  const about = { log, requestId, ...(partMs === undefined ? {} : { partMs }) };
  const [readiness, received, backlog, rejected, disk, rollups, integrity, calls, rest] =
    await Promise.all([
      askPart(about, "readiness", () => askReadiness(context)),
      askPart(about, "received", () => askReceived(context)),
      askPart(about, "backlog", () => askBacklog(context)),
      askPart(about, "rejected", () => askRejected(context)),
      askPart(about, "disk", () => askDisk(context)),
      askPart(about, "rollups", () => askRollups(context)),
      askPart(about, "integrity", () => askIntegrity(context)),
      askPart(about, "clickhouse", async () => {
        return { version: await findClickHouseVersion(clickhouse), kind: clickhouse.kind };
      }),
      askPart(about, "postgres", async () => {
        return { version: await findPostgresVersion(postgres.db), kind: postgres.kind };
      }),
    ]);
  const versions = {
    outlay: packageJson.version,
    node: process.versions.node,
    role: env.role,
    clickhouse: calls,
    postgres: rest,
  };
  const at = new Date(nowMs).toISOString();
  return { at, readiness, received, backlog, rejected, disk, rollups, integrity, versions };
}

async function askReadiness({ runtime }: HealthContext) {
  const told = await runtime.readiness();
  const { isReady: ready, isDegraded: degraded, clickhouse, postgres } = told;
  return { ready, degraded, clickhouse, postgres, faults: describeFaults(told) };
}

async function askReceived({ runtime, projects, nowMs }: HealthContext) {
  const toMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const fromMs = toMs - MINUTES * MINUTE_MS;
  const rows = await countReceived(runtime.clickhouse, {
    projectIds: projects.map(({ id }) => id),
    fromUs: (nowMs - RECEIVED_WITHIN_MS) * 1000,
    toUs: (nowMs + DAY_MS) * 1000,
    receivedFromUs: fromMs * 1000,
    receivedToUs: toMs * 1000,
  });
  const byMinute = new Map(rows.map(({ minute, events }) => [minute * 1000, events]));
  const starts = Array.from({ length: MINUTES }, (_, index) => fromMs + index * MINUTE_MS);
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    events: rows.reduce((sum, { events }) => sum + events, 0),
    minutes: starts.map((start) => byMinute.get(start) ?? 0),
  };
}

/** What waits in all processes together; how much room it takes is known of this process's own spool only. */
async function askBacklog({ runtime }: HealthContext) {
  const freshness = await runtime.freshness();
  if (!freshness)
    throw new OutlayError("unavailable", "No process that takes events has told yet.");
  const own = runtime.backlog();
  return {
    events: freshness.events,
    bytes: own?.bytes ?? null,
    oldest_seconds: own?.oldestSeconds ?? null,
    fresh_to: new Date(freshness.freshToMs).toISOString(),
  };
}

async function askRejected({ runtime, projects, nowMs }: HealthContext) {
  const sinceMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const { events } = await sumRejections(
    runtime.postgres.db,
    projects.map(({ id }) => id),
    { fromDay: dayOf(sinceMs), toDay: dayOf(sinceMs + DAY_MS) },
  );
  // The table has a row a fault: none of a kind is a true zero.
  const of = (kind: string) => Number(events.find((row) => row.kind === kind)?.events ?? 0);
  return {
    since: new Date(sinceMs).toISOString(),
    rejected: of("rejected"),
    conflict: of("conflict"),
    poisoned: of("poisoned"),
  };
}

async function askDisk({ runtime: { env } }: HealthContext) {
  if (env.role === "web") {
    throw new OutlayError("unavailable", "The process that answers keeps nothing on its disk.");
  }
  const { usedBytes, parts, freeBytes, totalBytes } = await measureFolder(env.dataDir);
  return {
    folder: env.dataDir,
    used_bytes: usedBytes,
    parts,
    free_bytes: freeBytes,
    total_bytes: totalBytes,
    spool_max_bytes: env.spoolMaxBytes,
  };
}

async function askRollups({ runtime, nowMs }: HealthContext) {
  const byMs = nowMs - BEHIND_MS;
  const times = { closedByMs: byMs, rebuiltByMs: byMs };
  const { buckets, oldest } = await countStaleBuckets(runtime.clickhouse, times);
  return {
    behind: buckets,
    oldest: oldest === null ? null : new Date(oldest * 1000).toISOString(),
  };
}

async function askIntegrity({ runtime, projects }: HealthContext) {
  const { db } = runtime.postgres;
  const states = await countComparedDays(
    db,
    projects.map(({ id }) => id),
  );
  const run = await findLastFullRun(db);
  const of = (state: string) => states.find((row) => row.state === state)?.days ?? 0;
  const checkedMs = Math.max(...states.map(({ checkedAt }) => checkedAt?.getTime() ?? 0));
  return {
    checked_at: states.length === 0 ? null : new Date(checkedMs).toISOString(),
    days: states.reduce((sum, { days }) => sum + days, 0),
    different: of("different"),
    moving: of("moving"),
    last_full_run: run?.finishedAt
      ? {
          finished_at: run.finishedAt.toISOString(),
          days: run.days,
          differences: run.differences,
          error: run.error,
        }
      : null,
  };
}
