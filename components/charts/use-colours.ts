"use client";

import { useEffect, useMemo, useState } from "react";
import { assignColours, type ColourMemory } from "@/components/charts/assign-colours";
import { useIsHydrated } from "@/components/ui/use-is-hydrated";

const STORAGE_KEY = "outlay.series-colours";

/**
 * Colour slots of the names shown together, remembered in this browser, so that a name looks the same on
 * every screen and tomorrow. The server cannot know them: in HTML nobody has a colour yet.
 */
export function useColours(names: readonly string[]): ReadonlyMap<string, number> {
  const isHere = useIsHydrated();
  const [memory] = useState(readMemory);
  const key = JSON.stringify(names);
  const assigned = useMemo(
    () => assignColours(JSON.parse(key) as string[], memory.current),
    [key, memory],
  );
  useEffect(() => {
    if (assigned.memory === memory.current) return;
    memory.current = assigned.memory;
    try {
      window.localStorage.setItem(STORAGE_KEY, JSON.stringify(assigned.memory));
    } catch {
      // Storage is full or forbidden: colours then hold for this page only.
    }
  }, [assigned, memory]);
  return isHere ? assigned.slots : NOBODY;
}

const NOBODY: ReadonlyMap<string, number> = new Map();

function readMemory(): { current: ColourMemory } {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(STORAGE_KEY) ?? "{}");
    if (typeof stored !== "object" || stored === null) return { current: {} };
    const slots = Object.entries(stored).filter(([, slot]) => Number.isInteger(slot));
    return { current: Object.fromEntries(slots) };
  } catch {
    return { current: {} };
  }
}
