"use client";

import { useMemo } from "react";
import { useCap } from "@/components/filters/cap";
import type { Scope } from "@/components/filters/scope";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { canCap, capLine } from "@/components/spend/cap-line";
import type { SpendLine } from "@/components/spend/spend-line";

/** Begins a budget for a line of the table; null where the reader may not, or nothing in a line can be capped. */
export function useCapLine(scope: Scope, dimensions: readonly string[]) {
  const { open } = useCap();
  const { projects } = useWorkspace();
  const may = useMay();
  const mayCap =
    canCap(dimensions) &&
    (may("budgets.write_everywhere", null) ||
      projects.some(({ slug }) => may("budgets.write", slug)));
  return useMemo(
    () => (mayCap ? (line: SpendLine) => open(capLine(line, dimensions, scope)) : null),
    [mayCap, open, dimensions, scope],
  );
}
