"use client";

import { useCallback, useState } from "react";
import type { Rehearsal } from "@/components/kill-switches/rehearsal";

const KEY = "outlay.rehearsal";

/** The rehearsal of this tab, under way or done; a reload keeps it. */
export function useRehearsal(): [Rehearsal | null, (next: Rehearsal | null) => void] {
  const [rehearsal, setRehearsal] = useState(readKept);
  const change = useCallback((next: Rehearsal | null) => {
    keep(next);
    setRehearsal(next);
  }, []);
  return [rehearsal, change];
}

function readKept(): Rehearsal | null {
  try {
    const kept: unknown = JSON.parse(window.sessionStorage.getItem(KEY) ?? "null");
    return isRehearsal(kept) ? kept : null;
  } catch {
    // A browser that keeps nothing, or a text of somebody else's.
    return null;
  }
}

function keep(rehearsal: Rehearsal | null): void {
  try {
    if (rehearsal === null) window.sessionStorage.removeItem(KEY);
    else window.sessionStorage.setItem(KEY, JSON.stringify(rehearsal));
  } catch {
    // A browser that keeps nothing: a reload shows the switch, and it ends by itself.
  }
}

const TEXTS = ["project", "agent", "engagedAt", "until"] as const;

/** Whether an earlier version of this page wrote it as this one reads it. */
function isRehearsal(kept: unknown): kept is Rehearsal {
  if (typeof kept !== "object" || kept === null) return false;
  const known: Partial<Record<keyof Rehearsal, unknown>> = kept;
  return (
    TEXTS.every((name) => typeof known[name] === "string") &&
    typeof known.begunMs === "number" &&
    Array.isArray(known.measured)
  );
}
