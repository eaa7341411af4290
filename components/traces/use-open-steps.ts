"use client";

import { useCallback, useState } from "react";
import type { CostTree } from "@/components/traces/cost-tree";
import { openAtFirst, SMALL_TREE } from "@/components/traces/dearest-path";
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
  const keyOf = useCallback((index: number) => tree.steps[index]?.key ?? "", [tree]);
  // As it was when the page was opened: rows must not move under a reader's eyes while the session goes on.
  const [first] = useState<ReadonlySet<string>>(() => new Set([...openAtFirst(tree)].map(keyOf)));
  const isSmall = tree.steps.length <= SMALL_TREE;
  const isExpanded = useCallback(
    (index: number) => {
      const own = changed.get(keyOf(index));
      if (own !== undefined) return own;
      if (isSearching || base === "all") return true;
      return base === "first" && (isSmall || first.has(keyOf(index)));
    },
    [changed, keyOf, isSearching, base, first, isSmall],
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
