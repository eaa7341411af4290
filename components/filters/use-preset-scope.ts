"use client";

import { useMemo } from "react";
import { presetScope, type Scope } from "@/components/filters/scope";
import { useNow } from "@/components/filters/use-now";
import { useWorkspace } from "@/components/layout/workspace";
import type { RangePreset } from "@/lib/time-range";

/** The scope of a panel with a range of its own: the project is the page's, and nothing is filtered. */
export function usePresetScope(range: RangePreset): Scope {
  const { project, timeZone } = useWorkspace();
  const nowMs = useNow();
  return useMemo(
    () => presetScope({ project, timeZone, nowMs }, range),
    [project, timeZone, range, nowMs],
  );
}
