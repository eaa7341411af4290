"use client";

import { useSyncExternalStore } from "react";

/** False in the page's HTML and while React takes it over; true from then on, and for whatever is drawn later. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  );
}

/** It happens once, and React asks by itself. */
function subscribe(): () => void {
  return () => undefined;
}
