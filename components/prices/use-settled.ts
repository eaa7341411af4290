"use client";

import { useEffect, useState } from "react";

/** Long enough that a word is typed, short enough that nobody waits for it. */
const SETTLES_AFTER_MS = 200;

/** The value once it has not changed for a moment: a question a letter would be asked in vain. */
export function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLES_AFTER_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
