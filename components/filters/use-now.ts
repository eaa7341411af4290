"use client";

import { useSyncExternalStore } from "react";

const MINUTE_MS = 60_000;

/**
 * The time in milliseconds, to the minute: often enough that "today" turns at midnight and the running
 * bucket moves on, seldom enough that nothing is drawn for a second's sake.
 */
export function useNow(): number {
  return useSyncExternalStore(subscribe, currentMinute, currentMinute);
}

function subscribe(onChange: () => void): () => void {
  const timer = setInterval(onChange, 5_000);
  return () => clearInterval(timer);
}

function currentMinute(): number {
  return Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
}
