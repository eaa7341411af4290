import type { ClickHouse } from "@/db/clickhouse/client";
import type { Db } from "@/db/postgres";
import {
  findOpenRun,
  type IntegrityDay,
  type IntegrityRun,
  listIntegrityDays,
  listRuns,
} from "@/db/queries/integrity";
import { listSpools, type SpoolRow } from "@/db/queries/integrity-counters";
import { sumRejections } from "@/db/queries/integrity-rejections";
import { resolveRange } from "@/lib/calls/resolve-range";
import { LIVE_MS } from "@/lib/integrity/find-unsettled";
import type {
  GapAnswer,
  IntegrityAnswer,
  IntegrityDayAnswer,
  IntegrityQuery,
  IntegrityRunAnswer,
  SpoolAnswer,
} from "@/lib/integrity/integrity-schemas";
import { type Gap, listGaps } from "@/lib/integrity/list-gaps";
import { listIntegrityBudgets } from "@/lib/integrity/list-integrity-budgets";
import { formatUsd, parseUsd } from "@/lib/money";

const MAX_DAYS = 1_000;
const SHOWN_RUNS = 5;

/**
 * Can these numbers be trusted? What was compared of each day of a range, what never counted, what never came, and how
 * far each process is.
 * @throws OutlayError `bad_request` for an empty range; QueryFailedError
 */
export async function getIntegrity(
  context: {
    clickhouse: ClickHouse;
    db: Db;
    projects: readonly { id: string; slug: string }[];
    nowMs: number;
  },
  query: IntegrityQuery,
): Promise<IntegrityAnswer> {
  const { clickhouse, db, projects, nowMs } = context;
  const { fromUs, toUs } = resolveRange(
    { fromUs: query.from ?? null, toUs: query.to ?? null },
    nowMs,
  );
  const projectIds = projects.map(({ id }) => id);
  const slugs = new Map(projects.map(({ id, slug }) => [id, slug]));
  const range = { fromDay: dateOf(fromUs), toDay: dateOf(toUs - 1 + 86_400e6) };
  const days = await listIntegrityDays(db, projectIds, range);
  const runs = await listRuns(db, SHOWN_RUNS);
  const rejected = await sumRejections(db, projectIds, range);
  const spools = await listSpools(db);
  const isRunning = (await findOpenRun(db)) !== null;
  const budgets = await listIntegrityBudgets(db, projectIds, slugs);
  const found = await listGaps(clickhouse, { projectIds, fromUs, toUs });
  const slugOf = (id: string) => slugs.get(id) ?? "";
  const rejectedOf = (kind: string) => ({
    events: Number(rejected.events.find((row) => row.kind === kind)?.events ?? 0),
    open: Number(rejected.open.find((row) => row.kind === kind)?.samples ?? 0),
  });
  const checkedMs = Math.max(...days.map(({ checkedAt }) => checkedAt.getTime()));
  return {
    checked_at: days.length === 0 ? null : new Date(checkedMs).toISOString(),
    running: isRunning,
    runs: runs.map(toRunAnswer),
    totals: totalsOf(days),
    days: days.slice(0, MAX_DAYS).map((day) => toDayAnswer(day, slugOf(day.projectId))),
    budgets,
    rejections: {
      rejected: rejectedOf("rejected"),
      conflict: rejectedOf("conflict"),
      poisoned: rejectedOf("poisoned"),
    },
    gaps: found.gaps.map((gap) => toGapAnswer(gap, slugOf(gap.projectId))),
    gaps_summary: { sources: found.sources, from: instantOf(found.fromUs), is_cut: found.isCut },
    spools: spools.map((spool) => toSpoolAnswer(spool, nowMs)),
  };
}

function totalsOf(days: readonly IntegrityDay[]): IntegrityAnswer["totals"] {
  const of = (state: IntegrityDay["state"]) => days.filter((day) => day.state === state);
  const sum = (some: readonly IntegrityDay[]) =>
    formatUsd(some.reduce((all, day) => all + (parseUsd(day.differenceUsd ?? "0") ?? 0n), 0n));
  return {
    days: days.length,
    equal: of("equal").length,
    moving: of("moving").length,
    different: of("different").length,
    repaired: of("repaired").length,
    sealed: of("sealed").length,
    difference_usd: sum(of("different")),
    repaired_usd: sum(of("repaired")),
  };
}

function toDayAnswer(row: IntegrityDay, project: string): IntegrityDayAnswer {
  const { callsEvents, callsLlm, rollupEvents, counterEvents } = row;
  const [callsUsd, rollupUsd, counterUsd] = [row.callsUsd, row.rollupUsd, row.counterUsd].map(
    toUsd,
  );
  return {
    project,
    day: row.day,
    state: row.state,
    calls:
      callsEvents === null || !callsUsd
        ? null
        : { events: callsEvents, llm_calls: callsLlm ?? 0, cost_usd: callsUsd },
    rollups:
      rollupEvents === null || !rollupUsd ? null : { llm_calls: rollupEvents, cost_usd: rollupUsd },
    counters:
      counterEvents === null || !counterUsd
        ? null
        : { events: counterEvents, cost_usd: counterUsd },
    difference_usd: toUsd(row.differenceUsd),
    note: row.note,
    repair: row.repair,
    repaired_at: row.repairedAt?.toISOString() ?? null,
    checked_at: row.checkedAt.toISOString(),
  };
}

/** A run as the API tells it. */
export function toRunAnswer(run: IntegrityRun): IntegrityRunAnswer {
  return {
    id: run.id,
    started_at: run.startedAt.toISOString(),
    finished_at: run.finishedAt?.toISOString() ?? null,
    days: run.days,
    differences: run.differences,
    is_full: run.isFull,
    error: run.error,
  };
}

function toGapAnswer(gap: Gap, project: string): GapAnswer {
  return {
    project,
    source: gap.source,
    first_sequence: gap.first,
    last_sequence: gap.last,
    received: gap.received,
    missing: gap.missing,
    missing_ranges: gap.missingRanges,
    first_at: instantOf(gap.firstUs),
    last_at: instantOf(gap.lastUs),
  };
}

function toSpoolAnswer(spool: SpoolRow, nowMs: number): SpoolAnswer {
  return {
    id: spool.id,
    fresh_to: spool.freshTo.toISOString(),
    backlog_events: spool.backlogEvents,
    seen_at: spool.seenAt.toISOString(),
    is_gone: nowMs - spool.seenAt.getTime() > LIVE_MS,
  };
}

/** The store pads to 15 digits. */
function toUsd(text: string | null): string | null {
  const femtoUsd = text === null ? null : parseUsd(text);
  return femtoUsd === null ? null : formatUsd(femtoUsd);
}

function instantOf(us: number): string {
  return new Date(Math.floor(us / 1000)).toISOString();
}

function dateOf(us: number): string {
  return instantOf(us).slice(0, 10);
}
