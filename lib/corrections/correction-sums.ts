import { z } from "zod";
import type { CallState } from "@/db/clickhouse/queries/revise-calls";
import type { CounterChange } from "@/db/queries/counters";
import type { CountedCall } from "@/lib/budgets/counted-call";
import { formatUsd, parseUsd } from "@/lib/money";

/** What a correction changed of a provider's model: known costs, and how many were unknown, before and after. */
export const modelSumSchema = z.object({
  provider: z.string(),
  model: z.string(),
  calls: z.int(),
  before_usd: z.string(),
  after_usd: z.string(),
  unknown_before: z.int(),
  unknown_after: z.int(),
});
export type ModelSum = z.output<typeof modelSumSchema>;

/** Senders choose a model's name: past so many different ones the rest is one line. */
const MAX_MODELS = 500;
export const OTHER_MODELS = "(other)";

/** A call before and after its correction; what does not count costs nothing and is not unknown either. */
export interface ChangedCall {
  projectId: string;
  /** Start of its bucket, seconds since 1970. */
  bucket: number;
  id: string;
  provider: string;
  model: string;
  before: Pick<CallState, "counted" | "cost_usd">;
  after: Pick<CallState, "counted" | "cost_usd">;
  /** As budgets count it, by its tags then and now; null: it does not count. */
  counted: { before: CountedCall | null; after: CountedCall | null };
}

/** Sums of changed calls by provider and model, added to those there are. */
export function sumByModel(known: readonly ModelSum[], changed: readonly ChangedCall[]) {
  const sums = new Map(known.map((sum) => [keyOf(sum), sum]));
  for (const call of changed) {
    const named = { provider: call.provider, model: call.model };
    const isNew = !sums.has(keyOf(named));
    const key = isNew && sums.size >= MAX_MODELS ? { provider: "", model: OTHER_MODELS } : named;
    const sum = sums.get(keyOf(key)) ?? { ...key, ...NOTHING };
    sums.set(keyOf(key), {
      ...sum,
      calls: sum.calls + 1,
      before_usd: addUsd(sum.before_usd, costOf(call.before)),
      after_usd: addUsd(sum.after_usd, costOf(call.after)),
      unknown_before: sum.unknown_before + unknownOf(call.before),
      unknown_after: sum.unknown_after + unknownOf(call.after),
    });
  }
  return [...sums.values()];
}

/** Totals of all models. */
export function totalOf(models: readonly ModelSum[]): Omit<ModelSum, "provider" | "model"> {
  return models.reduce<Omit<ModelSum, "provider" | "model">>(
    (total, sum) => ({
      calls: total.calls + sum.calls,
      before_usd: addUsd(total.before_usd, sum.before_usd),
      after_usd: addUsd(total.after_usd, sum.after_usd),
      unknown_before: total.unknown_before + sum.unknown_before,
      unknown_after: total.unknown_after + sum.unknown_after,
    }),
    NOTHING,
  );
}

/** `after - before` in US dollars. */
export function differenceUsd(sum: Pick<ModelSum, "before_usd" | "after_usd">): string {
  return formatUsd(femto(sum.after_usd) - femto(sum.before_usd));
}

/** By how much the counters of each bucket move, in the order of their keys; buckets that stay are left out. */
export function counterDifferences(changed: readonly ChangedCall[]): CounterChange[] {
  const moved = new Map<string, CounterChange>();
  for (const { projectId, bucket, before, after } of changed) {
    const key = `${projectId} ${String(bucket).padStart(12, "0")}`;
    const sum = moved.get(key) ?? { projectId, bucket, events: 0, costUsd: "0", unknownCosts: 0 };
    moved.set(key, {
      ...sum,
      events: sum.events + Number(after.counted) - Number(before.counted),
      costUsd: formatUsd(femto(sum.costUsd) + femto(costOf(after)) - femto(costOf(before))),
      unknownCosts: sum.unknownCosts + unknownOf(after) - unknownOf(before),
    });
  }
  return [...moved.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, sum]) => sum)
    .filter(({ events, costUsd, unknownCosts }) => events || unknownCosts || costUsd !== "0");
}

const NOTHING = { calls: 0, before_usd: "0", after_usd: "0", unknown_before: 0, unknown_after: 0 };

function keyOf({ provider, model }: { provider: string; model: string }): string {
  return JSON.stringify([provider, model]);
}

function costOf({ counted, cost_usd }: ChangedCall["before"]): string {
  return (counted ? cost_usd : null) ?? "0";
}

function unknownOf({ counted, cost_usd }: ChangedCall["before"]): number {
  return counted && cost_usd === null ? 1 : 0;
}

function addUsd(a: string, b: string): string {
  return formatUsd(femto(a) + femto(b));
}

function femto(usd: string): bigint {
  const value = parseUsd(usd);
  if (value === null) throw new RangeError(`${usd} is no sum of money`);
  return value;
}
