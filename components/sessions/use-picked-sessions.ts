"use client";

import { parseAsNativeArrayOf, parseAsString, useQueryState } from "nuqs";
import { useCallback } from "react";

/** So many can be compared. */
export const PICKED = 2;

const PICKS = parseAsNativeArrayOf(parseAsString).withDefault([]);

interface PickedSessions {
  /** As `writeSessionRef` writes them, in the order they were picked. */
  picks: readonly string[];
  /** Picks one or leaves it; of three the first one picked goes. */
  toggle: (pick: string) => void;
  clear: () => void;
}

/** The sessions that are ticked to be compared, in the address: Back from a comparison finds them ticked. */
export function usePickedSessions(): PickedSessions {
  const [picks, setPicks] = useQueryState("pick", PICKS);
  const toggle = useCallback(
    (pick: string) =>
      void setPicks((before) => {
        const others = before.filter((one) => one !== pick);
        return others.length < before.length ? others : [...others, pick].slice(-PICKED);
      }),
    [setPicks],
  );
  return {
    picks,
    toggle,
    clear: useCallback(() => void setPicks(null), [setPicks]),
  };
}
