"use client";

import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { useOfferCommands } from "@/components/layout/offered-commands";
import type { CommandGroup } from "@/components/layout/use-commands";
import type { CostTree } from "@/components/traces/cost-tree";
import { dearestPath } from "@/components/traces/dearest-path";
import { SESSION_PARAMS, VIEW_LABELS, VIEWS } from "@/components/traces/session-params";

/** Offers a session's views, and the way to its dearest step, to the palette. */
export function useSessionCommands(tree: CostTree): void {
  const [, setParams] = useQueryStates(SESSION_PARAMS, { history: "push" });
  const groups = useMemo((): CommandGroup[] => {
    const dearest = tree.steps[dearestPath(tree).at(-1) ?? -1];
    const views = VIEWS.map((view) => ({
      id: `session view ${view}`,
      label: `Session: ${VIEW_LABELS[view].toLowerCase()}`,
      keywords: ["view", "look", view],
      run: () => void setParams({ view }),
    }));
    if (!dearest) return [{ heading: "This session", commands: views }];
    const go = {
      id: "session dearest",
      label: "Show the dearest step",
      keywords: ["expensive", "most", "cost", "step"],
      run: () => void setParams({ view: "tree", step: dearest.key, content: null }),
    };
    return [{ heading: "This session", commands: [go, ...views] }];
  }, [tree, setParams]);
  useOfferCommands(groups);
}
