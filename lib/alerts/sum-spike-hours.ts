import type { ClickHouse } from "@/db/clickhouse/client";
import { toFemto } from "@/db/clickhouse/merge-cells";
import { sumSpendCells } from "@/db/clickhouse/queries/sum-spend-cells";
import { dearestHour, quartersOf, type Stretch } from "@/lib/alerts/spike-windows";
import type { FemtoUsd } from "@/lib/money";
import { askRolled } from "@/lib/spend/ask-rolled";

export const SPIKE_DIMENSIONS = ["project", "agent", "feature"] as const;
export type SpikeDimension = (typeof SPIKE_DIMENSIONS)[number];

/** Something that spends. */
export interface Spender {
  projectId: string;
  dimension: SpikeDimension;
  /** Empty for a project. */
  value: string;
}

export const keyOf = ({ projectId, dimension, value }: Spender): string =>
  `${projectId}:${dimension}:${value}`;

/** The cube that knows a dimension: the smallest there is. */
const CUBES = { project: "status", agent: "agent", feature: "feature" } as const;
const HOUR_MS = 3_600_000;

/** Sums of one stretch by its steps. */
export interface SteppedSums {
  /** What a spender cost in each step; null: its project sent nothing in it. */
  of(spender: Spender): (FemtoUsd | null)[];
}

/**
 * Sums of spenders by the steps of a stretch: from rollups where these are clean, and else from calls. One question a
 * dimension that is asked about, and one for the projects, which say in which steps anything was sent.
 * @param starts of the steps in ms since 1970, ascending, on whole quarters of an hour
 */
export async function sumSteps(
  clickhouse: ClickHouse,
  spenders: readonly Spender[],
  starts: readonly number[],
  toMs: number,
): Promise<SteppedSums> {
  const sums = new Map<string, FemtoUsd>();
  const asked = SPIKE_DIMENSIONS.filter(
    (dimension) => dimension === "project" || spenders.some((one) => one.dimension === dimension),
  );
  const answers = asked.map(async (dimension) => {
    const own = spenders.filter((one) => dimension === "project" || one.dimension === dimension);
    const range = { starts, toMs };
    for (const { bucket, projectId, value, usd } of await ask(clickhouse, dimension, own, range)) {
      sums.set(`${bucket * 1000} ${keyOf({ projectId, dimension, value })}`, usd);
    }
  });
  await Promise.all(answers);
  const find = (startMs: number, spender: Spender) => sums.get(`${startMs} ${keyOf(spender)}`);
  return {
    of(spender) {
      const project: Spender = { ...spender, dimension: "project", value: "" };
      return starts.map((startMs) =>
        find(startMs, project) === undefined ? null : (find(startMs, spender) ?? 0n),
      );
    },
  };
}

/** What spenders cost in each of some clock hours. */
export function sumHours(
  clickhouse: ClickHouse,
  spenders: readonly Spender[],
  hourStarts: readonly number[],
): Promise<SteppedSums> {
  return sumSteps(clickhouse, spenders, hourStarts, (hourStarts.at(-1) ?? 0) + HOUR_MS);
}

/** What the dearest hour of a stretch cost a spender; null: its project sent nothing in all of it. */
export async function findDearestHours(
  clickhouse: ClickHouse,
  spenders: readonly Spender[],
  around: Stretch,
): Promise<(spender: Spender) => FemtoUsd | null> {
  const sums = await sumSteps(clickhouse, spenders, quartersOf(around), around.toMs);
  return (spender) => {
    const quarters = sums.of(spender);
    if (quarters.every((usd) => usd === null)) return null;
    return dearestHour(quarters.map((usd) => usd ?? 0n));
  };
}

async function ask(
  clickhouse: ClickHouse,
  dimension: SpikeDimension,
  spenders: readonly Spender[],
  { starts, toMs }: { starts: readonly number[]; toMs: number },
) {
  const values = [...new Set(spenders.map(({ value }) => value))];
  const question = {
    projectIds: [...new Set(spenders.map(({ projectId }) => projectId))],
    fromUs: (starts[0] ?? toMs) * 1000,
    toUs: toMs * 1000,
    edges: starts.map((ms) => ms / 1000),
    asOfUs: null,
  };
  const isProject = dimension === "project";
  const rows = await askRolled(clickhouse, CUBES[dimension], question, (rolled) =>
    sumSpendCells(clickhouse, {
      ...question,
      rolled,
      filters: isProject ? [] : [{ dimension, values }],
      groupBy: isProject ? ["project"] : ["project", dimension],
      measures: ["costUsd", "unknownCosts"],
      maxCells: null,
    }),
  );
  return rows
    .filter(({ kind }) => kind === "group")
    .map(({ bucket, group0 = "", group1 = "", costUsd }) => {
      return { bucket, projectId: group0, value: group1, usd: toFemto(costUsd) };
    });
}
