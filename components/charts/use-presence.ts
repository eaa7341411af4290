"use client";

import { useSyncExternalStore } from "react";

const SIGNS = ["pointermove", "pointerdown", "touchstart", "keydown", "wheel"] as const;

/** Once somebody was here they are: the next page need not wait for another sign. */
let isSomebodyHere = false;

/** Whether anybody has moved, touched or pressed anything since the page was loaded. */
export function usePresence(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => isSomebodyHere,
    () => false,
  );
}

function subscribe(onChange: () => void): () => void {
  if (isSomebodyHere) return () => undefined;
  const note = () => {
    isSomebodyHere = true;
    stop();
    onChange();
  };
  const stop = () => {
    for (const sign of SIGNS) window.removeEventListener(sign, note, { capture: true });
  };
  for (const sign of SIGNS) {
    window.addEventListener(sign, note, { capture: true, passive: true });
  }
  return stop;
}
