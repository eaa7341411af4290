"use client";

import { useMemo } from "react";
import { SeriesDot } from "@/components/charts/series-dot";
import { useColours } from "@/components/charts/use-colours";
import type { CostTree } from "@/components/traces/cost-tree";
import { rankAgents } from "@/components/traces/rank-agents";

/** Which colour is whose in a timeline. */
export function TimeLegend({ tree }: { tree: CostTree }) {
  const agents = useMemo(() => rankAgents(tree), [tree]);
  const slots = useColours(agents);
  const hasOthers = tree.steps.some(({ agent }) => agent === null || !agents.includes(agent));
  const hasErrors = tree.steps.some(({ isFailed }) => isFailed);
  return (
    <ul
      aria-label="Colours"
      className="flex flex-wrap gap-x-4 gap-y-1 border-line border-b px-3 py-2 text-[13px]"
    >
      {agents.map((agent) => (
        <li key={agent} className="flex min-w-0 items-center gap-1.5">
          <SeriesDot slot={slots.get(agent) ?? null} />
          <span className="max-w-60 truncate">{agent}</span>
        </li>
      ))}
      {hasOthers && (
        <li className="flex items-center gap-1.5">
          <SeriesDot slot={null} />
          <span className="text-ink-muted">Others</span>
        </li>
      )}
      {hasErrors && (
        <li className="flex items-center gap-1.5">
          <span aria-hidden="true" className="size-2.5 rounded-[3px] bg-danger" />
          <span>Failed</span>
        </li>
      )}
      <li className="text-ink-muted">Thin: holds the steps below it</li>
    </ul>
  );
}
