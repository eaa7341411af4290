import type { Grain } from "@/db/clickhouse/cubes";
import type { COMPARED_DAY_CUBES } from "@/db/clickhouse/queries/sum-days";
import { type FemtoUsd, parseUsd } from "@/lib/money";

/** What one source says of a bucket or a day. */
export interface Sums {
  /** Events of all types; of a rollup its LLM calls, which is all it counts. */
  events: number;
  /** Sum of the known costs. */
  cost: FemtoUsd;
  unknownCosts: number;
}

/** A bucket or day as rows of a query say it: `measures` are all compared figures as text, in one order. */
export interface Cell {
  start: number;
  cost_usd: string;
  unknown_costs: number;
  calls: number;
  measures: readonly string[];
}
/** Calls of one bucket that are of a session, or that are of none. */
export type CallsCell = Cell & { events: number; is_of_session: boolean };
export type RollupCell = Cell & {
  cube: (typeof COMPARED_DAY_CUBES)[number];
  grain: Grain;
};

/** What a cell says of the events it is of. */
export function toSums(cell: Cell, events: number): Sums {
  return { events, cost: readUsd(cell.cost_usd), unknownCosts: cell.unknown_costs };
}

/** The sums of all of them together. */
export function addUp(sums: readonly Sums[]): Sums {
  return sums.reduce(
    (total, one) => ({
      events: total.events + one.events,
      cost: total.cost + one.cost,
      unknownCosts: total.unknownCosts + one.unknownCosts,
    }),
    { events: 0, cost: 0n, unknownCosts: 0 },
  );
}

/** The largest less the smallest; 0 for none. */
export function spread(costs: readonly FemtoUsd[]): FemtoUsd {
  let [least, most] = [costs[0] ?? 0n, costs[0] ?? 0n];
  for (const cost of costs) {
    if (cost < least) least = cost;
    if (cost > most) most = cost;
  }
  return most - least;
}

/** 0 for none. */
export function largest(values: readonly FemtoUsd[]): FemtoUsd {
  let most = 0n;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** Without its sign. */
export function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** A sum of dollars as a store writes it. @throws RangeError for anything else */
export function readUsd(text: string): FemtoUsd {
  const value = parseUsd(text);
  // A sum that cannot be read is no sum of 0: the run fails, and says so.
  if (value === null) throw new RangeError(`not a plain decimal: ${text}`);
  return value;
}
