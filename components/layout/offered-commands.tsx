"use client";

import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import type { CommandGroup } from "@/components/layout/use-commands";

const NONE: readonly CommandGroup[] = [];
const Offered = createContext<readonly CommandGroup[]>(NONE);
const Offer = createContext<(groups: readonly CommandGroup[]) => void>(() => undefined);

/** Holds what the screen itself offers to the palette: the palette stands in the frame, and knows no screen. */
export function OfferedCommandsProvider({ children }: { children: ReactNode }) {
  const [groups, setGroups] = useState(NONE);
  return (
    <Offer.Provider value={setGroups}>
      <Offered.Provider value={groups}>{children}</Offered.Provider>
    </Offer.Provider>
  );
}

/** What the screen offers now. */
export function useOfferedCommands(): readonly CommandGroup[] {
  return useContext(Offered);
}

/** Offers commands as long as the caller is shown. The list has to be the same one until something in it changes. */
export function useOfferCommands(groups: readonly CommandGroup[]): void {
  const offer = useContext(Offer);
  useEffect(() => {
    offer(groups);
    return () => offer(NONE);
  }, [offer, groups]);
}
