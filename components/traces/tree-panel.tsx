"use client";

import { useQueryStates } from "nuqs";
import { type ReactNode, useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";
import { useColours } from "@/components/charts/use-colours";
import { COST_COLUMNS, COST_TEMPLATE, CostCells } from "@/components/traces/cost-cells";
import type { CostTree } from "@/components/traces/cost-tree";
import { dearestPath } from "@/components/traces/dearest-path";
import { flattenTree, type TreeRow } from "@/components/traces/flatten-tree";
import { rankAgents } from "@/components/traces/rank-agents";
import { SESSION_PARAMS } from "@/components/traces/session-params";
import { findShown, type TreeFilter } from "@/components/traces/shown-steps";
import type { StepCall } from "@/components/traces/step-details";
import { StepPlace } from "@/components/traces/step-place";
import { TIME_TEMPLATE, TimeCells, timeColumns } from "@/components/traces/time-cells";
import { TimeLegend } from "@/components/traces/time-legend";
import { TreeGrid } from "@/components/traces/tree-grid";
import { TreeToolbar } from "@/components/traces/tree-toolbar";
import { useOpenSteps } from "@/components/traces/use-open-steps";
import { Card } from "@/components/ui/card";
import { formatCount, formatQuantity } from "@/lib/format";

interface TreePanelProps {
  tree: CostTree;
  /** Slug of the session's project. */
  project: string;
  /** By cost, or by time. */
  view: "tree" | "timeline";
  /** What the page knows of a step's own call. */
  renderCall: (call: StepCall) => ReactNode;
}

/** A session's steps as a tree, with the chosen one beside it. */
export function TreePanel({ tree, project, view, renderCall }: TreePanelProps) {
  const [params, setParams] = useQueryStates(SESSION_PARAMS, { history: "push" });
  const filter = useMemo(
    (): TreeFilter => ({ find: params.find, isDearOnly: params.dear, isFailedOnly: params.failed }),
    [params.find, params.dear, params.failed],
  );
  const shown = useShown(tree, useDeferredValue(filter));
  const isSearching = filter.find.trim() !== "" || filter.isFailedOnly;
  const open = useOpenSteps(tree, isSearching);
  const { isExpanded, reveal } = open;
  const rows = useMemo(
    () => flattenTree(tree.steps, tree.roots, { isExpanded, kept: shown?.kept ?? null }),
    [tree, isExpanded, shown],
  );
  const places = useMemo(() => new Map(tree.steps.map(({ key }, at) => [key, at])), [tree]);
  const selected = params.step === null ? null : (places.get(params.step) ?? null);
  const [active, setActive] = useState<number | null>(selected);
  // Whoever comes by a link sees the step where it stands.
  useEffect(() => {
    if (selected === null) return;
    reveal(selected);
    setActive(selected);
  }, [selected, reveal]);
  const choose = useCallback(
    (index: number | null) =>
      void setParams({
        step: index === null ? null : (tree.steps[index]?.key ?? null),
        content: null,
      }),
    [setParams, tree],
  );
  const renderRow = useRows(tree, view, shown?.matches ?? null);
  const columns = useMemo(() => (view === "tree" ? COST_COLUMNS : timeColumns(tree)), [view, tree]);
  const step = selected === null ? null : (tree.steps[selected] ?? null);
  return (
    <div className="flex items-start gap-4">
      <Card
        aria-label={view === "tree" ? "Tree of steps" : "Timeline of steps"}
        className="min-w-0 grow overflow-hidden"
      >
        <TreeToolbar
          filter={filter}
          onFilter={({ find, isDearOnly, isFailedOnly }) =>
            void setParams(
              {
                ...(find === undefined ? {} : { find }),
                ...(isDearOnly === undefined ? {} : { dear: isDearOnly }),
                ...(isFailedOnly === undefined ? {} : { failed: isFailedOnly }),
              },
              // Letters of a word are no steps to go back through.
              find === undefined ? {} : { history: "replace" },
            )
          }
          onExpandAll={() => open.setAll("all")}
          onCollapseAll={() => open.setAll("none")}
          count={sayCount(tree, shown?.matches.size ?? null)}
        />
        {view === "timeline" && <TimeLegend tree={tree} />}
        {rows.length === 0 ? (
          <p className="px-4 py-10 text-center text-ink-muted text-sm">No step is like that.</p>
        ) : (
          <TreeGrid
            label={view === "tree" ? "Steps by cost" : "Steps by time"}
            rows={rows}
            columns={columns}
            template={view === "tree" ? COST_TEMPLATE : TIME_TEMPLATE}
            active={active}
            selected={selected}
            onActive={setActive}
            onExpand={open.setExpanded}
            onOpen={choose}
            onClose={() => choose(null)}
            renderRow={renderRow}
          />
        )}
      </Card>
      {step && (
        <StepPlace
          step={step}
          tree={tree}
          project={project}
          onClose={() => choose(null)}
          onOpen={choose}
          renderCall={renderCall}
        />
      )}
    </div>
  );
}

function useShown(tree: CostTree, filter: TreeFilter) {
  return useMemo(() => findShown(tree, filter), [tree, filter]);
}

function sayCount(tree: CostTree, matches: number | null): string {
  const all = formatQuantity(tree.steps.length, "step");
  return matches === null ? all : `${formatCount(matches)} of ${all}`;
}

/** How a row is drawn: by what it costs, or by when it was. */
function useRows(tree: CostTree, view: "tree" | "timeline", matches: ReadonlySet<number> | null) {
  const dearest = useMemo(() => new Set(dearestPath(tree)), [tree]);
  const slots = useColours(useMemo(() => rankAgents(tree), [tree]));
  return useCallback(
    (row: TreeRow) => {
      const step = tree.steps[row.index];
      if (!step) return null;
      const isAside = matches !== null && !matches.has(row.index);
      const shared = { row, step, tree, isAside };
      return view === "tree" ? (
        <CostCells {...shared} isDearest={dearest.has(row.index)} />
      ) : (
        <TimeCells {...shared} slot={slots.get(step.agent ?? "") ?? null} />
      );
    },
    [tree, view, matches, dearest, slots],
  );
}
