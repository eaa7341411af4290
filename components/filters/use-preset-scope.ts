"use client";

import { useMemo } from "react";
import { useNow } from "@/components/filters/use-now";
import type { Scope } from "@/components/filters/use-scope";
import { useWorkspace } from "@/components/layout/workspace";
import { type RangePreset, resolveRange } from "@/lib/time-range";

/** The scope of a panel with a range of its own: the project is the page's, and nothing is filtered. */
export function usePresetScope(range: RangePreset): Scope {
  const { project, timeZone } = useWorkspace();
  const nowMs = useNow();
  return useMemo(() => {
    const choice = { range, from: null, to: null };
    const instants = resolveRange(choice, nowMs, timeZone);
    return { project, timeZone, choice, range: instants, nowMs, filters: [] };
  }, [project, timeZone, range, nowMs]);
}
