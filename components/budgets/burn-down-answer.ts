import { queryOptions } from "@tanstack/react-query";
import { SPEND_FIGURES, stepOf } from "@/components/budgets/budget-question";
import { type BurnDown, prepareBurnDown } from "@/components/budgets/prepare-burn-down";
import { liveEvery } from "@/components/states/live-every";
import { requestJson } from "@/lib/api-client";
import type {
  BudgetAnswer,
  BudgetMeasure,
  WholeBudgetAnswer,
} from "@/lib/budgets/budget-answer-schemas";
import { listBucketStarts } from "@/lib/calendar/list-bucket-starts";
import { parseUsd } from "@/lib/money";

/** What `/api/spend` answers by step, as far as it is asked. */
export interface StepsAnswer {
  rows: {
    bucket: string;
    cost_usd?: string | null;
    input_tokens?: number;
    output_tokens?: number;
    calls?: number;
  }[];
}

/** As often as the meter beside it, which is held against it. */
const LIVE_MS = 5_000;

/** Asks what was spent step by step. */
export function stepsQuery(query: URLSearchParams | null) {
  return queryOptions({
    queryKey: ["budget-steps", query?.toString() ?? ""],
    enabled: query !== null,
    queryFn: ({ signal }) =>
      requestJson<StepsAnswer>("/api/spend", { query: query ?? new URLSearchParams(), signal }),
    refetchInterval: liveEvery(LIVE_MS),
  });
}

/** The limit that is drawn: the nearest that spend is answered in; null where there is none. */
export function measureOf(budget: BudgetAnswer): BudgetMeasure | null {
  const has = (measure: BudgetMeasure) =>
    SPEND_FIGURES[measure] !== undefined && limitOf(budget, measure) !== null;
  if (budget.measure !== null && has(budget.measure)) return budget.measure;
  return (["usd", "tokens", "calls"] as const).find(has) ?? null;
}

/** A budget's limit in the measure's own integer; null: none. */
export function limitOf(budget: BudgetAnswer, measure: BudgetMeasure): bigint | null {
  if (measure === "usd") return budget.limit_usd === null ? null : parseUsd(budget.limit_usd);
  const limit = budget[`limit_${measure}`];
  return limit === null ? null : BigInt(limit);
}

/**
 * What the counter of one value says is spent, in the measure's own integer; null: it is being counted, that value is
 * not among the nearest, or all of a `*` budget are asked for, which no counter adds up.
 */
export function counterOf(
  budget: WholeBudgetAnswer,
  one: string | null,
  measure: BudgetMeasure,
): { amount: bigint; unknownCosts: number } | null {
  const found = budget.value === "*" ? budget.values.find(({ value }) => value === one) : budget;
  if (!found || found.spent === null) return null;
  const amount =
    measure === "usd" ? parseUsd(found.spent.usd) : BigInt(Math.round(found.spent[measure]));
  return amount === null ? null : { amount, unknownCosts: found.unknown_costs };
}

interface DrawInput {
  budget: BudgetAnswer;
  measure: BudgetMeasure;
  answer: StepsAnswer;
  nowMs: number;
  forecast: bigint | null;
  /** What the counter says; null: there is none to ask. */
  counter: bigint | null;
}

const MAX_STEPS = 100;

/** Puts the answer on the budget's calendar; null for a budget that has none. */
export function drawBurnDown({
  budget,
  measure,
  answer,
  nowMs,
  forecast,
  counter,
}: DrawInput): BurnDown | null {
  const step = stepOf(budget);
  const limit = limitOf(budget, measure);
  if (step === null || limit === null || budget.period === null) return null;
  const range = { fromMs: Date.parse(budget.period.from), toMs: Date.parse(budget.period.to) };
  return prepareBurnDown({
    ...range,
    // A page that was loaded in the last period stays in it until the next answer.
    nowMs: Math.min(nowMs, range.toMs),
    starts: listBucketStarts(range, step, budget.tz, MAX_STEPS),
    spent: new Map(answer.rows.map((row) => [Date.parse(row.bucket), amountIn(row, measure)])),
    limit,
    forecast,
    counter,
  });
}

function amountIn(row: StepsAnswer["rows"][number], measure: BudgetMeasure): bigint | null {
  if (measure === "usd") return row.cost_usd == null ? null : parseUsd(row.cost_usd);
  if (measure === "tokens") return BigInt((row.input_tokens ?? 0) + (row.output_tokens ?? 0));
  return BigInt(row.calls ?? 0);
}
