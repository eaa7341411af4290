"use client";

import { useCallback, useDeferredValue, useMemo } from "react";
import type { StackModel } from "@/components/charts/prepare-stack";
import { useColours } from "@/components/charts/use-colours";
import type { Scope } from "@/components/filters/scope";
import { prepareBefore } from "@/components/spend/prepare-before";
import { prepareChanges, type TableChanges } from "@/components/spend/prepare-changes";
import { prepareCurves } from "@/components/spend/prepare-curves";
import { prepareLayers, type SpendLayer } from "@/components/spend/prepare-layers";
import { prepareLines } from "@/components/spend/prepare-lines";
import { prepareSpendChart } from "@/components/spend/prepare-spend";
import type { SpendFigures } from "@/components/spend/spend-answer";
import type { SpendLine } from "@/components/spend/spend-line";
import { listDimensions, type SpendQuestion } from "@/components/spend/spend-questions";
import { useComparison } from "@/components/spend/use-comparison";
import { useSpendData } from "@/components/spend/use-spend-data";
import { useLast } from "@/components/states/use-last";

/** What the table and the cards show: one answer, with the question it answers. */
export interface TableView {
  question: SpendQuestion;
  dimensions: string[];
  total: SpendFigures;
  rest: SpendFigures | null;
  lines: SpendLine[];
  /** Null while the comparison is on its way, and where there is none. */
  changes: TableChanges | null;
  totalBefore: SpendFigures | null;
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
  /** The names' own buckets are there: without them there is a sentence and a legend, and nothing to draw. */
  hasSeries: boolean;
}

/** Explore's answers made ready to draw. Each view stays until its successor is complete. */
export function useSpendView(scope: Scope, question: SpendQuestion) {
  const data = useSpendData(scope, question);
  const before = useComparison(scope, question);
  const { buckets, groups, table, totals, received, series, curves, topNames } = data;
  const { comparison } = before;
  const colours = useColours(useMemo(() => topNames.map(colourKey), [topNames]));
  const slotOf = useCallback(
    (name: string | null) => colours.get(colourKey(name)) ?? null,
    [colours],
  );
  const dimensions = useMemo(() => listDimensions(question), [question]);
  const { metric } = question;
  // With nothing to hold it against, an answer of another comparison must not be.
  const tableBefore = comparison === null ? undefined : before.table.data;
  const bucketsBefore = comparison === null ? undefined : before.buckets.data;

  const tableView = useMemo((): TableView | null => {
    if (!table.data) return null;
    const changes = tableBefore && prepareChanges(table.data, tableBefore, dimensions, metric);
    const lines = prepareLines(
      table.data,
      { dimensions, metric },
      topNames,
      slotOf,
      changes ?? null,
    );
    const { total, rest } = table.data;
    const totalBefore = tableBefore?.total ?? null;
    return { question, dimensions, total, rest, lines, changes: changes ?? null, totalBefore };
  }, [table.data, tableBefore, question, dimensions, metric, topNames, slotOf]);

  const chartView = useMemo((): ChartView | null => {
    if (!groups.data || !totals.data || !received.data) return null;
    const hasSeries = topNames.length === 0 || series.data !== undefined;
    const nameCount = groups.data.rows.length;
    const model = prepareSpendChart({
      buckets,
      nowMs: scope.nowMs,
      group: question.group,
      metric,
      totalRows: totals.data.rows,
      receivedRows: received.data.rows,
      seriesRows: series.data?.rows ?? [],
      topNames,
      nameCount,
      before:
        comparison && bucketsBefore
          ? prepareBefore(buckets, comparison, bucketsBefore.rows, metric)
          : undefined,
    });
    const layers = prepareLayers(groups.data, question, topNames, nameCount, slotOf);
    const hasMoreNames = groups.data.rest !== null;
    return { question, scope, model, layers, nameCount, hasMoreNames, hasSeries };
  }, [
    groups.data,
    totals.data,
    received.data,
    series.data,
    bucketsBefore,
    comparison,
    buckets,
    scope,
    question,
    metric,
    topNames,
    slotOf,
  ]);

  const curveView = useMemo(
    () => prepareCurves(buckets, curves.data?.rows ?? [], dimensions, metric),
    [buckets, curves.data, dimensions, metric],
  );
  // Drawing a chart or a hundred rows takes long: in pieces, so that a key pressed meanwhile is answered first.
  const shownTable = useDeferredValue(useLast(tableView));
  const wholeChart = chartView?.hasSeries ? chartView : null;
  const lastChart = useLast(wholeChart);
  // The first sentence need not wait for what is drawn; a later one changes with its drawing.
  const shownChart = useDeferredValue(lastChart ?? chartView);
  const questions = [groups, table, totals, received, series, before.table, before.buckets];

  return {
    table: shownTable,
    chart: shownChart,
    curves: curveView,
    comparison,
    /** The same groups in both times, by the first dimension: what moved is chosen from them. */
    groups,
    groupsBefore: before.groups,
    isTableCurrent: tableView !== null,
    isChartCurrent: wholeChart !== null || (lastChart === null && chartView !== null),
    isChartWhole: wholeChart !== null,
    isEmpty: groups.data?.rows.length === 0 && received.isSuccess,
    wasAnythingReceived: (received.data?.rows.length ?? 0) > 0,
    tableError: groups.error ?? table.error ?? before.table.error,
    chartError:
      groups.error ?? totals.error ?? received.error ?? series.error ?? before.buckets.error,
    retry: () => {
      for (const query of questions) if (query.isError) void query.refetch();
    },
  };
}

/** The untagged have a colour of their own, also beside a name that somebody spelled "(untagged)". */
function colourKey(name: string | null): string {
  return name ?? "";
}
