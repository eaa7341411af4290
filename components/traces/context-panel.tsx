"use client";

import dynamic from "next/dynamic";
import { useMemo } from "react";
import { SeriesDot } from "@/components/charts/series-dot";
import { useColours } from "@/components/charts/use-colours";
import { Titled } from "@/components/states/titled";
import { ContextTable } from "@/components/traces/context-table";
import type { CostTree } from "@/components/traces/cost-tree";
import { prepareContext, summariseContext } from "@/components/traces/prepare-context";
import { rankAgents } from "@/components/traces/rank-agents";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import type { TreeAgent } from "@/lib/traces/trace-schemas";

const HEIGHT = 280;
// Recharts is half of a page's script: it comes once somebody looks at this.
const ContextChart = dynamic(
  () => import("@/components/traces/context-chart").then((module) => module.ContextChart),
  { ssr: false, loading: () => <Skeleton style={{ height: HEIGHT }} /> },
);

/** How the prompt grows from turn to turn, and how much of the model's window it fills. */
export function ContextPanel({ agents, tree }: { agents: readonly TreeAgent[]; tree: CostTree }) {
  const model = useMemo(() => prepareContext(agents), [agents]);
  // The same names as elsewhere on the page: an agent has one colour in all of them.
  const slots = useColours(useMemo(() => rankAgents(tree), [tree]));
  if (model.lines.length === 0) {
    return (
      <Card aria-label="Context">
        <p className="px-4 py-10 text-center text-ink-muted text-sm">
          No call reported how long its prompt was.
        </p>
      </Card>
    );
  }
  const layers = model.lines.map(({ name }) => ({ name, slot: slots.get(name) ?? null }));
  return (
    <Card aria-label="Context" className="overflow-hidden">
      <Titled title="Input tokens by turn" description={summariseContext(model)}>
        <ul aria-label="Colours" className="flex flex-wrap gap-x-4 gap-y-1 px-4 pb-2 text-[13px]">
          {layers.map(({ name, slot }) => (
            <li key={name} className="flex min-w-0 items-center gap-1.5">
              <SeriesDot slot={slot} />
              <span className="max-w-60 truncate">{name}</span>
            </li>
          ))}
        </ul>
        <div className="px-4 pb-4">
          <ContextChart model={model} layers={layers} height={HEIGHT} />
        </div>
        <div className="px-4 pb-4">
          <ContextTable agents={agents} />
        </div>
      </Titled>
    </Card>
  );
}
