"use client";

import { useEffect, useState } from "react";

/** From here on a person should be told that it takes long. */
const SLOW_AFTER_MS = 5_000;

/** True once `isWaiting` has been true for five seconds without a break. */
export function useIsSlow(isWaiting: boolean): boolean {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => setIsSlow(true), SLOW_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setIsSlow(false);
    };
  }, [isWaiting]);
  return isSlow;
}
