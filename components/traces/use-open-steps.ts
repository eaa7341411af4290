"use client";

import { useCallback, useMemo, useState } from "react";
import type { CostTree } from "@/components/traces/cost-tree";
import { openAtFirst } from "@/components/traces/dearest-path";
import { listAncestors } from "@/components/traces/flatten-tree";

type Base = "first" | "all" | "none";

interface OpenSteps {
  isExpanded: (index: number) => boolean;
  setExpanded: (index: number, isExpanded: boolean) => void;
  /** Forgets what was opened one by one. */
  setAll: (base: Base) => void;
  /** Opens whatever stands above a step. */
  reveal: (index: number) => void;
}

/**
 * Which branches are open: at first the way to what cost most, then what somebody opened or closed. By the steps' keys, so
 * that it holds while a session goes on.
 * @param isSearching everything that is left of a search is open until it is closed
 */
export function useOpenSteps(tree: CostTree, isSearching: boolean): OpenSteps {
  const [base, setBase] = useState<Base>("first");
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(new Map());
  const first = useMemo(() => openAtFirst(tree), [tree]);
  const keyOf = useCallback((index: number) => tree.steps[index]?.key ?? "", [tree]);
  const isExpanded = useCallback(
    (index: number) => {
      const own = changed.get(keyOf(index));
      if (own !== undefined) return own;
      return isSearching || base === "all" || (base === "first" && first.has(index));
    },
    [changed, keyOf, isSearching, base, first],
  );
  const setMany = useCallback(
    (indexes: readonly number[], isOpen: boolean) =>
      setChanged(
        (before) => new Map([...before, ...indexes.map((at) => [keyOf(at), isOpen] as const)]),
      ),
    [keyOf],
  );
  return {
    isExpanded,
    setExpanded: useCallback((index, isOpen) => setMany([index], isOpen), [setMany]),
    setAll: useCallback((next) => {
      setBase(next);
      setChanged(new Map());
    }, []),
    reveal: useCallback(
      (index) => {
        const above = listAncestors(tree.steps, index);
        if (above.length > 0) setMany(above, true);
      },
      [tree, setMany],
    ),
  };
}
