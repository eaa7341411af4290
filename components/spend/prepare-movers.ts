import { metricValue, totalTokens } from "@/components/spend/metric";
import { groupName, type SpendAnswer, type SpendRow } from "@/components/spend/spend-answer";
import type { FemtoUsd } from "@/lib/money";
import { type ChangeParts, decomposeChange, type ModelSpend } from "@/lib/spend/decompose-change";

/** A name whose cost moved, and what moved it. */
export interface Mover {
  name: string | null;
  now: FemtoUsd;
  before: FemtoUsd;
  parts: ChangeParts;
  /** Whether there was anything of it at all in each of the two times. */
  isThere: boolean;
  wasThere: boolean;
}

const MOVERS = 6;

/**
 * The names whose cost moved the most, up or down; null is untagged. What did not move is none, and neither is one of
 * which nothing was known in one of the two times: that it was unknown is no movement of money.
 */
export function chooseMovers(
  now: SpendAnswer,
  before: SpendAnswer,
  group: string,
): (string | null)[] {
  const moved = new Map<string | null, bigint>();
  const unknown = new Set<string | null>();
  const add = (row: SpendRow, sign: bigint) => {
    const name = groupName(row, group);
    const cost = metricValue(row, "cost");
    if (cost === null) unknown.add(name);
    else moved.set(name, (moved.get(name) ?? 0n) + sign * cost);
  };
  for (const row of now.rows) add(row, 1n);
  for (const row of before.rows) add(row, -1n);
  return [...moved]
    .filter(([name]) => !unknown.has(name))
    .map(([name, difference]) => ({ name, size: difference < 0n ? -difference : difference }))
    .filter(({ size }) => size > 0n)
    .sort((one, two) => (two.size > one.size ? 1 : two.size < one.size ? -1 : 0))
    .slice(0, MOVERS)
    .map(({ name }) => name);
}

/**
 * Explains each name by its models, the largest change first.
 * @param now and `before`: answers by `group`, provider and model
 */
export function prepareMovers(
  now: SpendAnswer,
  before: SpendAnswer,
  group: string,
  names: readonly (string | null)[],
): Mover[] {
  const rowsOf = (answer: SpendAnswer, name: string | null) =>
    answer.rows.filter((row) => groupName(row, group) === name).map(toModelSpend);
  return names
    .map((name) => explain(name, rowsOf(now, name), rowsOf(before, name)))
    .sort((one, two) => compareSizes(two.now - two.before, one.now - one.before));
}

/** Explains everything together, from answers by provider and model alone; what they left out is a model of its own. */
export function prepareWholeMove(now: SpendAnswer, before: SpendAnswer): Mover {
  const modelsOf = ({ rows, rest }: SpendAnswer) => {
    const models = rows.map(toModelSpend);
    return rest === null ? models : [...models, toModelSpend({ ...rest, bucket: "" })];
  };
  return explain(null, modelsOf(now), modelsOf(before));
}

function explain(
  name: string | null,
  now: readonly ModelSpend[],
  before: readonly ModelSpend[],
): Mover {
  return {
    name,
    now: sumOf(now),
    before: sumOf(before),
    parts: decomposeChange(now, before),
    isThere: now.length > 0,
    wasThere: before.length > 0,
  };
}

function toModelSpend(row: SpendRow): ModelSpend {
  return {
    key: JSON.stringify([groupName(row, "provider"), groupName(row, "model")]),
    costFemtoUsd: metricValue(row, "cost") ?? 0n,
    calls: row.calls,
    tokens: totalTokens(row),
  };
}

function sumOf(models: readonly ModelSpend[]): FemtoUsd {
  return models.reduce((sum, { costFemtoUsd }) => sum + costFemtoUsd, 0n);
}

function compareSizes(one: bigint, two: bigint): number {
  const [first, second] = [one, two].map((value) => (value < 0n ? -value : value));
  if (first === second || first === undefined || second === undefined) return 0;
  return first < second ? -1 : 1;
}
