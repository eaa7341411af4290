"use client";

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useMemo } from "react";
import { AddFilter } from "@/components/filters/add-filter";
import { ChoiceSelect } from "@/components/filters/choice-select";
import { CompareSelect } from "@/components/filters/compare-select";
import { CsvMenu } from "@/components/filters/csv-menu";
import { DimensionSelect } from "@/components/filters/dimension-select";
import { FilterChips } from "@/components/filters/filter-chips";
import { RangeMenu } from "@/components/filters/range-menu";
import type { Scope } from "@/components/filters/scope";
import type { useScope } from "@/components/filters/use-scope";
import { useOfferCommands } from "@/components/layout/offered-commands";
import { describeComparison } from "@/components/spend/describe-comparison";
import { listCsvChoices } from "@/components/spend/list-csv-choices";
import { listExploreCommands } from "@/components/spend/list-explore-commands";
import { METRICS } from "@/components/spend/metric";
import { spendQuery } from "@/components/spend/spend-answer";
import { groupsQuestion, type SpendQuestion } from "@/components/spend/spend-questions";
import type { useExploreParams } from "@/components/spend/use-explore-params";
import { CopyButton } from "@/components/ui/copy-button";
import { type ComparisonId, resolveComparison } from "@/lib/comparison-range";
import type { Interval } from "@/lib/time-range";

const BIN_LABELS: Record<Interval, string> = {
  hour: "Hour",
  day: "Day",
  week: "Week",
  month: "Month",
};

interface ExploreToolbarProps {
  state: ReturnType<typeof useScope>;
  params: ReturnType<typeof useExploreParams>;
  /** What the page adds beside Copy link. */
  actions?: ReactNode;
}

/** Everything that changes the question. All of it is in the URL. */
export function ExploreToolbar({ state, params, actions }: ExploreToolbarProps) {
  const { scope } = state;
  const { setParams } = params;
  const commands = useMemo(() => listExploreCommands(params), [params]);
  useOfferCommands(commands);
  const chooseComparison = useCallback(
    (compare: ComparisonId | null) =>
      void setParams(compare === null ? { compare, weekday: null } : { compare }),
    [setParams],
  );
  const bins = [
    { value: "auto" as const, label: `Auto (${BIN_LABELS[params.automatic].toLowerCase()})` },
    ...params.intervals.map((interval) => ({ value: interval, label: BIN_LABELS[interval] })),
  ];
  return (
    <div className="flex flex-col gap-2.5">
      <div className="flex items-start justify-between gap-2">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
          <RangeMenu scope={scope} onChoose={state.setRange} />
          {params.compare !== null && <ComparedWith scope={scope} question={params.question} />}
        </div>
        <div className="flex shrink-0 gap-1">
          {actions}
          <CopyButton
            variant="ghost"
            className="max-sm:[&>span]:sr-only"
            label="Copy link"
            text={() => window.location.href}
          />
          <CsvMenu choices={listCsvChoices(scope, params)} />
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <DimensionSelect
          label="Group by"
          value={params.group}
          onChoose={(group) => void setParams({ group })}
        />
        <DimensionSelect
          label="Then by"
          value={params.group2 ?? ""}
          except={params.group}
          onChoose={(group2) => void setParams({ group2 })}
          onClear={() => void setParams({ group2: null })}
        />
        <ChoiceSelect
          label="Metric"
          value={params.metric}
          options={METRICS}
          onChoose={(metric) => void setParams({ metric })}
        />
        <ChoiceSelect
          label="Bin"
          value={params.bin ?? "auto"}
          options={bins}
          onChoose={(bin) => void setParams({ bin: bin === "auto" ? null : bin })}
        />
        <CompareSelect
          value={params.compare}
          mustMatchWeekday={params.weekday}
          onChoose={chooseComparison}
          onMatchWeekday={(weekday) => void setParams({ weekday })}
        />
        <AddFilter scope={scope} onAdd={state.addFilter} onRemove={state.removeFilter} />
        <FilterChips
          filters={scope.filters}
          onRemove={state.removeFilter}
          onClear={() => state.setFilters([])}
        />
      </div>
    </div>
  );
}

/** What the range is held against, in words. */
function ComparedWith({ scope, question }: { scope: Scope; question: SpendQuestion }) {
  const { range, nowMs, timeZone } = scope;
  const { compare, group, hasPercentiles } = question;
  const comparison = useMemo(
    () => (compare === null ? null : resolveComparison(range, compare, nowMs, timeZone)),
    [range, compare, nowMs, timeZone],
  );
  // The panels ask the same: one answer serves both.
  const { data } = useQuery(spendQuery(groupsQuestion(scope, [group], hasPercentiles)));
  return (
    <p className="tabular text-[13px] text-ink-muted">
      {describeComparison(comparison, data?.first_event_at ?? null, timeZone)}
    </p>
  );
}
