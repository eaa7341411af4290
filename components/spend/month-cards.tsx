"use client";

import dynamic from "next/dynamic";
import type { ReactNode } from "react";
import { type Scope, scopeSearch } from "@/components/filters/scope";
import type { MonthView } from "@/components/spend/prepare-month";
import { SpendChange } from "@/components/spend/spend-change";
import { filterUnknownCosts } from "@/components/spend/unknown-cost-filters";
import type { useMonth } from "@/components/spend/use-month";
import { PanelError } from "@/components/states/panel-error";
import { useLast } from "@/components/states/use-last";
import { Card } from "@/components/ui/card";
import { PointedLink } from "@/components/ui/pointed-link";
import { Skeleton } from "@/components/ui/skeleton";
import { formatCostSum, formatCount, formatExactUsd, formatQuantity, UNKNOWN } from "@/lib/format";
import { formatUsd } from "@/lib/money";
import { EXPLORE_PATH, withQuery } from "@/lib/paths";
import type { MonthForecast } from "@/lib/spend/forecast-month";
import { describeRange } from "@/lib/time-range";

// The month's sums come first; what they carry is asked by a script that loads meanwhile, into a place of its size.
const CoverageCard = dynamic(
  () => import("@/components/spend/coverage-card").then((module) => module.CoverageCard),
  { ssr: false, loading: () => <div className="min-h-25 bg-page" /> },
);

type Month = ReturnType<typeof useMonth>;

/** What this month came to, what it will come to, and how much of that is known and whose it is. */
export function MonthCards({ month }: { month: Month }) {
  const { scope, comparison, error, retry } = month;
  const view = useLast(month.view);
  const fault = error && (
    <Card aria-label="This month" className={view ? "p-4" : "min-h-30 p-4"}>
      <PanelError
        what="This month"
        error={error}
        {...(view ? { failure: "could not be asked in full: below is what is known" } : {})}
        onRetry={retry}
      />
    </Card>
  );
  if (fault && !view) return fault;
  return (
    <>
      {fault}
      <dl className="grid gap-px overflow-hidden rounded-panel border border-line bg-line sm:grid-cols-2 xl:grid-cols-4">
        <Figure
          name="Month to date"
          value={
            view && (
              <PointedLink
                href={exploreHref(scope)}
                title={formatExactUsd(view.costUsd)}
                className="underline-offset-4 hover:underline"
              >
                {formatCostSum(view.costUsd)}
              </PointedLink>
            )
          }
        >
          {view && !view.isFirstMonth && <SpendChange change={view.change} metric="cost" />}
          {view && comparison && (
            <span>
              {view.isFirstMonth ? "nothing received yet in " : "against "}
              {describeRange(comparison.range, scope.timeZone)}
            </span>
          )}
        </Figure>
        <Figure name="Forecast for the month" value={view && <Band forecast={view.forecast} />}>
          {view && <Basis view={view} />}
        </Figure>
        <Figure
          name="Calls without a whole price"
          value={view && <Unpriced view={view} />}
          tone={view && view.incompleteCalls > 0 ? "text-caution" : ""}
        >
          {view && <PriceNote view={view} scope={scope} />}
        </Figure>
        <CoverageCard scope={scope} />
      </dl>
    </>
  );
}

interface FigureProps {
  name: string;
  value: ReactNode;
  tone?: string;
  children: ReactNode;
}

function Figure({ name, value, tone = "", children }: FigureProps) {
  return (
    <div className="min-w-0 bg-page px-4 py-3">
      <dt className="text-[13px] text-ink-muted">{name}</dt>
      <dd className="min-h-19">
        {value === null ? (
          <Skeleton className="mt-1.5 h-12 w-36" />
        ) : (
          <>
            <span className={`tabular block font-semibold text-[22px] tracking-tight ${tone}`}>
              {value}
            </span>
            <span className="flex flex-wrap items-center gap-x-1.5 text-ink-muted text-xs leading-5">
              {children}
            </span>
          </>
        )}
      </dd>
    </div>
  );
}

function Band({ forecast }: { forecast: MonthForecast | null }) {
  if (!forecast) return <span title="Too few whole days">{UNKNOWN}</span>;
  const [low, middle, high] = [
    forecast.lowFemtoUsd,
    forecast.middleFemtoUsd,
    forecast.highFemtoUsd,
  ].map(formatUsd);
  return (
    <span title={`Most likely ${formatCostSum(middle ?? null)}`}>
      {formatCostSum(low ?? null)}
      <span className="text-ink-muted"> – </span>
      {formatCostSum(high ?? null)}
    </span>
  );
}

/** What the band stands on, so that nobody takes it for more. */
function Basis({ view: { forecast, costUsd } }: { view: MonthView }) {
  if (!forecast) {
    return costUsd === null ? "No cost is known yet" : "It takes three whole days of events to say";
  }
  const days = formatQuantity(forecast.basisDays, "whole day");
  const middle = formatCostSum(formatUsd(forecast.middleFemtoUsd));
  const how = forecast.isByWeekday ? "by weekday" : "all days alike";
  return `Most likely ${middle}. From the last ${days}, ${how}; four months of five end inside.`;
}

function Unpriced({ view: { incompleteCalls, incompleteShare, calls } }: { view: MonthView }) {
  if (incompleteShare === null) return UNKNOWN;
  return (
    <span title={`${formatCount(incompleteCalls)} of ${formatQuantity(calls, "call")}`}>
      {incompleteShare}
    </span>
  );
}

function PriceNote({ view, scope }: { view: MonthView; scope: Scope }) {
  if (view.incompleteShare === null) return "No calls this month";
  if (view.incompleteCalls === 0) return "Every call has a price";
  return (
    <>
      <span>{formatQuantity(view.incompleteCalls, "call")}: the sums are at least so much</span>
      <NoteLink href={exploreHref(scope, filterUnknownCosts([]))}>Show them</NoteLink>
    </>
  );
}

function NoteLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <PointedLink href={href} className="font-medium text-link underline-offset-2 hover:underline">
      {children}
    </PointedLink>
  );
}

function exploreHref(scope: Scope, filters: Scope["filters"] = []): string {
  return withQuery(EXPLORE_PATH, scopeSearch(scope, filters));
}
