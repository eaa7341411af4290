"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import { stepOf, stepsQuestion } from "@/components/budgets/budget-question";
import {
  counterOf,
  drawBurnDown,
  limitOf,
  measureOf,
  stepsQuery,
} from "@/components/budgets/burn-down-answer";
import { BurnDownTable } from "@/components/budgets/burn-down-table";
import { explainApart, sayApart, summariseBurnDown } from "@/components/budgets/burn-down-words";
import { useNow } from "@/components/filters/use-now";
import { Panel } from "@/components/states/panel";
import { CardDescription, CardTitle } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import type { WholeBudgetAnswer } from "@/lib/budgets/budget-answer-schemas";
import { parseUsd } from "@/lib/money";

// Recharts is half of a page's script: it comes once the page is there.
const BurnDownChart = dynamic(
  () => import("@/components/budgets/burn-down-chart").then((module) => module.BurnDownChart),
  { ssr: false, loading: () => <Skeleton style={{ height: 260 }} /> },
);

interface BurnDownPanelProps {
  budget: WholeBudgetAnswer;
  /** Of a budget for each one: whose; null: everybody's together. */
  value: string | null;
}

/** What is spent by and by, against the straight line to the limit; nothing for a budget without a calendar. */
export function BurnDownPanel({ budget, value }: BurnDownPanelProps) {
  const nowMs = useNow();
  const measure = measureOf(budget);
  const question = measure === null ? null : stepsQuestion(budget, value, measure);
  const query = useQuery(stepsQuery(question));
  const isNearest = budget.value !== "*" || value === budget.nearest_value;
  const forecast =
    measure === "usd" && isNearest && budget.forecast_usd !== null
      ? parseUsd(budget.forecast_usd)
      : null;
  const counter = measure === null ? null : counterOf(budget, value, measure);
  const amount = counter?.amount ?? null;
  const model = useMemo(
    () =>
      query.data && measure !== null
        ? drawBurnDown({ budget, measure, answer: query.data, nowMs, forecast, counter: amount })
        : null,
    [query.data, budget, measure, nowMs, forecast, amount],
  );
  if (question === null || measure === null || budget.period === null) return null;
  const limit = limitOf(budget, measure) ?? 0n;
  const words = wordsOf(budget);
  const endMs = Date.parse(budget.period.to);
  const title = budget.value === "*" && value !== null ? `Burn-down of ${value}` : "Burn-down";
  return (
    <Panel
      name="The burn-down"
      error={query.error}
      onRetry={() => void query.refetch()}
      isCurrent={query.data !== undefined}
      skeletonHeight={380}
    >
      {model && (
        <div className="flex flex-col gap-3 p-4">
          <div>
            <CardTitle className="break-words">{title}</CardTitle>
            <CardDescription>
              {summariseBurnDown({
                model,
                measure,
                limit,
                forecast,
                isRunning: nowMs < endMs,
                isAtLeast: (counter?.unknownCosts ?? model.unknownSteps) > 0,
                sayDate: words.sayDate,
                endMs,
              })}
            </CardDescription>
          </div>
          <BurnDownChart
            model={model}
            measure={measure}
            limit={limit}
            title={title}
            ticks={model.steps
              .filter((_, index) => index % Math.ceil(model.steps.length / 8) === 0)
              .map(({ startMs }) => ({ atMs: startMs, label: words.sayTick(startMs) }))}
            sayInstant={words.sayInstant}
          />
          <Legend
            hasForecast={forecast !== null}
            isApart={model.apart !== null && model.apart !== 0n}
          />
          {/* There in both cases: what comes and goes with every call would move the page. */}
          {model.apart !== null && (
            <p className="text-[13px] text-ink-muted">{sayApart(model, measure)}</p>
          )}
          <BurnDownTable model={model} measure={measure} sayStep={words.sayTick}>
            {explainApart(model, budget)}
          </BurnDownTable>
        </div>
      )}
    </Panel>
  );
}

/** Dates and clocks of the budget's own zone. */
function wordsOf(budget: WholeBudgetAnswer) {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const words = new Intl.DateTimeFormat("en-US", { timeZone: budget.tz, ...options });
    return (ms: number) => words.format(ms);
  };
  const date = { month: "short", day: "numeric" } as const;
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const isOfDays = stepOf(budget) === "day";
  return {
    sayDate: format(isOfDays ? date : { ...date, ...clock }),
    sayTick: format(isOfDays ? date : clock),
    sayInstant: format({ ...date, ...clock }),
  };
}

const LINES = [
  { label: "Spent", style: "border-(--series-1) border-solid" },
  { label: "So far", style: "border-(--series-1) border-dashed" },
  { label: "Straight line to the limit", style: "border-ink-muted border-dotted" },
  { label: "Forecast", style: "border-(--series-2) border-dashed" },
] as const;

function Legend({ hasForecast, isApart }: { hasForecast: boolean; isApart: boolean }) {
  const lines = hasForecast ? LINES : LINES.slice(0, 3);
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-[13px] text-ink-muted">
      {lines.map(({ label, style }) => (
        <li key={label} className="flex items-center gap-1.5">
          <span aria-hidden="true" className={`w-5 border-t-2 ${style}`} />
          {label}
        </li>
      ))}
      {isApart && (
        <li className="flex items-center gap-1.5">
          <span
            aria-hidden="true"
            className="size-2.5 rounded-full border-2 border-(--series-1) bg-page"
          />
          Meter
        </li>
      )}
    </ul>
  );
}
