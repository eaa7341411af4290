"use client";

import { useCallback, useMemo } from "react";
import type { StackModel } from "@/components/charts/prepare-stack";
import { useColours } from "@/components/charts/use-colours";
import type { Scope } from "@/components/filters/use-scope";
import { prepareLayers, type SpendLayer } from "@/components/spend/prepare-layers";
import { prepareLines } from "@/components/spend/prepare-lines";
import { prepareSpendChart } from "@/components/spend/prepare-spend";
import type { SpendFigures } from "@/components/spend/spend-answer";
import type { SpendLine } from "@/components/spend/spend-line";
import { type SpendQuestion, useSpendData } from "@/components/spend/use-spend-data";
import { useLast } from "@/components/states/use-last";

/** What the table and the cards show: one answer, with the question it answers. */
export interface TableView {
  question: SpendQuestion;
  total: SpendFigures;
  rest: SpendFigures | null;
  lines: SpendLine[];
}

/** What the chart shows, with the question it answers. */
export interface ChartView {
  question: SpendQuestion;
  scope: Scope;
  model: StackModel;
  layers: SpendLayer[];
  /** Names known by now; with `hasMoreNames` there are more than the answer's limit. */
  nameCount: number;
  hasMoreNames: boolean;
}

/** Explore's answers made ready to draw. Each view stays until its successor is complete. */
export function useSpendView(scope: Scope, question: SpendQuestion) {
  const data = useSpendData(scope, question);
  const { buckets, groups, totals, received, series, topNames } = data;
  const colours = useColours(useMemo(() => topNames.map(colourKey), [topNames]));
  const slotOf = useCallback(
    (name: string | null) => colours.get(colourKey(name)) ?? null,
    [colours],
  );

  const tableView = useMemo((): TableView | null => {
    if (!groups.data) return null;
    const lines = prepareLines(groups.data, question, topNames, slotOf);
    return { question, total: groups.data.total, rest: groups.data.rest, lines };
  }, [groups.data, question, topNames, slotOf]);

  const chartView = useMemo((): ChartView | null => {
    if (!groups.data || !totals.data || !received.data) return null;
    if (topNames.length > 0 && !series.data) return null;
    const nameCount = groups.data.rows.length;
    const hasMoreNames = groups.data.rest !== null;
    const model = prepareSpendChart({
      buckets,
      nowMs: scope.nowMs,
      group: question.group,
      metric: question.metric,
      totalRows: totals.data.rows,
      receivedRows: received.data.rows,
      seriesRows: series.data?.rows ?? [],
      topNames,
      nameCount,
    });
    const layers = prepareLayers(groups.data, question, topNames, nameCount, slotOf);
    return { question, scope, model, layers, nameCount, hasMoreNames };
  }, [
    groups.data,
    totals.data,
    received.data,
    series.data,
    buckets,
    scope,
    question,
    topNames,
    slotOf,
  ]);

  return {
    table: useLast(tableView),
    chart: useLast(chartView),
    isTableCurrent: tableView !== null,
    isChartCurrent: chartView !== null,
    isEmpty: groups.data?.rows.length === 0 && received.isSuccess,
    wasAnythingReceived: (received.data?.rows.length ?? 0) > 0,
    tableError: groups.error,
    chartError: groups.error ?? totals.error ?? received.error ?? series.error,
    retry: () => {
      for (const query of [groups, totals, received, series]) {
        if (query.isError) void query.refetch();
      }
    },
  };
}

/** The untagged have a colour of their own, also beside a name that somebody spelled "(untagged)". */
function colourKey(name: string | null): string {
  return name ?? "";
}
