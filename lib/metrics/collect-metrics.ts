import type { ClickHouse } from "@/db/clickhouse/client";
import type { Postgres } from "@/db/postgres";
import { listProjectRows } from "@/db/queries/projects";
import { askGroups, placeOf, toGroup } from "@/lib/metrics/ask-groups";
import { GrowingSums, groupKey, type Series } from "@/lib/metrics/growing-sums";
import { COUNTED, FAMILIES, type Family } from "@/lib/metrics/metric-families";
import type { SpendContext } from "@/lib/spend/sum-spend";

/** A scrape within this time is answered from the one before. */
const KEPT_MS = 10_000;
const HOUR_US = 3_600 * 1e6;
const LATENCIES = ["p50_duration_ms", "p95_duration_ms", "p50_ttft_ms", "p95_ttft_ms"] as const;

/** What latency a model had in the last hour, in milliseconds; null: not known. */
export type ModelLatency = {
  project: string;
  values: readonly string[];
} & Record<(typeof LATENCIES)[number], number | null>;

/** What a scrape tells, of all projects. */
export interface Collected {
  series: ReadonlyMap<Family["name"], readonly Series[]>;
  /** By project: the ledger's own sums, which corrections lower. */
  totals: ReadonlyMap<string, { costFemto: bigint; calls: number; unpricedCalls: number }>;
  latencies: readonly ModelLatency[];
}

interface Collector {
  families: Map<Family["name"], GrowingSums>;
  collected: Promise<Collected> | null;
  collectedMs: number;
}

/** By the store of the process: what is counted is counted since the process began, once for all who scrape. */
const collectors = new WeakMap<Postgres, Collector>();

/**
 * The ledger's sums as counters. They are asked once in ten seconds, however many scrape.
 * @throws what the stores throw; the next scrape asks again
 */
export function collectMetrics(context: {
  clickhouse: ClickHouse;
  postgres: Postgres;
  nowMs: number;
}): Promise<Collected> {
  const collector = collectors.get(context.postgres) ?? {
    families: new Map(FAMILIES.map(({ name }) => [name, new GrowingSums()])),
    collected: null,
    collectedMs: 0,
  };
  collectors.set(context.postgres, collector);
  const { collected } = collector;
  if (collected && context.nowMs - collector.collectedMs < KEPT_MS) return collected;
  // One at a time: sums that come late would look like ones that fell.
  const next = (collected ?? Promise.resolve()).then(
    () => collect(context, collector),
    () => collect(context, collector),
  );
  collector.collected = next;
  collector.collectedMs = context.nowMs;
  next.catch(() => {
    if (collector.collected === next) collector.collectedMs = 0;
  });
  return next;
}

async function collect(
  { clickhouse, postgres, nowMs }: Parameters<typeof collectMetrics>[0],
  { families }: Collector,
): Promise<Collected> {
  const projects = await listProjectRows(postgres.db);
  const asked = { clickhouse, projects, freshness: null, nowMs, organisationTimeZone: "UTC" };
  const totals: Map<string, { costFemto: bigint; calls: number; unpricedCalls: number }> = new Map(
    projects.map(({ slug }) => [slug, { costFemto: 0n, calls: 0, unpricedCalls: 0 }]),
  );
  for (const family of FAMILIES) {
    const all = await askGroups(asked, family, { fromUs: 0, figures: COUNTED });
    const groups = all.rows.map((row) => toGroup(row, family));
    families.get(family.name)?.take(groups, await askRecent(asked, family));
    if (family.name === "model") for (const { project, sums } of groups) add(totals, project, sums);
  }
  const series = new Map(FAMILIES.map(({ name }) => [name, families.get(name)?.list() ?? []]));
  return { series, totals, latencies: await askLatencies(asked) };
}

function add(
  totals: Map<string, { costFemto: bigint; calls: number; unpricedCalls: number }>,
  project: string,
  sums: ReturnType<typeof toGroup>["sums"],
): void {
  const total = totals.get(project) ?? { costFemto: 0n, calls: 0, unpricedCalls: 0 };
  totals.set(project, total);
  total.costFemto += sums.cost_usd;
  total.calls += Number(sums.calls);
  total.unpricedCalls += Number(sums.unpriced_calls);
}

async function askRecent(asked: SpendContext, family: Family): Promise<Map<string, number>> {
  const fromUs = asked.nowMs * 1000 - 24 * HOUR_US;
  const { rows } = await askGroups(asked, family, { fromUs, figures: ["calls"] });
  return new Map(rows.map((row) => [groupKey(placeOf(row, family)), row.calls ?? 0]));
}

/** Of the models with the most calls in the last hour, in each project. */
async function askLatencies(asked: SpendContext): Promise<ModelLatency[]> {
  const [family] = FAMILIES;
  const fromUs = asked.nowMs * 1000 - HOUR_US;
  const figures = ["calls", ...LATENCIES];
  const { rows } = await askGroups(asked, family, { fromUs, figures });
  const ranked = [...rows].sort((one, two) => (two.calls ?? 0) - (one.calls ?? 0));
  return ranked.slice(0, MAX_LATENCIES).map((row) => {
    const { project, values } = placeOf(row, family);
    return {
      project,
      values: values.map((value) => value ?? ""),
      p50_duration_ms: row.p50_duration_ms ?? null,
      p95_duration_ms: row.p95_duration_ms ?? null,
      p50_ttft_ms: row.p50_ttft_ms ?? null,
      p95_ttft_ms: row.p95_ttft_ms ?? null,
    };
  });
}

const MAX_LATENCIES = 200;

/** Dollars as Prometheus has numbers: a float, as every sample is. */
export function toNumber(femto: bigint): number {
  return Number(femto) / 1e15;
}
