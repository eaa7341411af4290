"use client";

import { startTransition, useCallback, useState } from "react";

/**
 * The layer that lights up, null for none. Setting it redraws a chart and a table, and a pointer crosses many rows:
 * that is drawn in pieces, the last one only, and never before a click on the row is answered.
 */
export function useHighlight(): [layer: number | null, light: (layer: number | null) => void] {
  const [layer, setLayer] = useState<number | null>(null);
  const light = useCallback((next: number | null) => startTransition(() => setLayer(next)), []);
  return [layer, light];
}
