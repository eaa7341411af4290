"use client";

import { useSyncExternalStore } from "react";

const SIGNS = ["pointermove", "pointerdown", "touchstart", "keydown", "wheel"] as const;

/** Once somebody was here they are: the next page need not wait for another sign. */
let isSomebodyHere = false;
const listeners = new Set<() => void>();

/** Begins to look out for a person, until there is one; the frame of all pages does it. @returns how to stop */
export function watchForPresence(): () => void {
  if (isSomebodyHere) return () => undefined;
  const stop = () => {
    for (const sign of SIGNS) window.removeEventListener(sign, note, { capture: true });
  };
  const note = () => {
    isSomebodyHere = true;
    stop();
    for (const tell of listeners) tell();
  };
  for (const sign of SIGNS) {
    window.addEventListener(sign, note, { capture: true, passive: true });
  }
  return stop;
}

/** Whether anybody has moved, touched or pressed anything since the document was loaded. */
export function usePresence(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => isSomebodyHere,
    () => false,
  );
}

function subscribe(onChange: () => void): () => void {
  listeners.add(onChange);
  return () => listeners.delete(onChange);
}
