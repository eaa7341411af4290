"use client";

import { useSyncExternalStore } from "react";

/** Where a step's panel has room beside the tree (Tailwind's `lg`). */
const WIDE = "(min-width: 64rem)";

/** Whether the window is wide; false in HTML. */
export function useIsWide(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(WIDE).matches,
    () => false,
  );
}

function subscribe(onChange: () => void): () => void {
  const query = window.matchMedia(WIDE);
  query.addEventListener("change", onChange);
  return () => query.removeEventListener("change", onChange);
}
