"use client";

import { createContext, useContext, useSyncExternalStore } from "react";
import { currentMinute } from "@/components/filters/minute";

/** The minute that the page's HTML was made in; null where the browser draws all of it. */
export const FirstMinute = createContext<number | null>(null);

/**
 * The time in milliseconds, to the minute: often enough that "today" turns at midnight and the running
 * bucket moves on, seldom enough that nothing is drawn for a second's sake. What takes over the page's HTML
 * begins in its minute, so that both draw the same.
 */
export function useNow(): number {
  const firstMinute = useContext(FirstMinute);
  return useSyncExternalStore(subscribe, currentMinute, () => firstMinute ?? currentMinute());
}

function subscribe(onChange: () => void): () => void {
  const timer = setInterval(onChange, 5_000);
  return () => clearInterval(timer);
}
