"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import {
  cancelReprice,
  isOver,
  type RepriceOrder,
  type RepriceScope,
  repriceQuery,
  requestReprice,
} from "@/components/prices/reprice-answer";
import type { CorrectionAnswer } from "@/lib/corrections/correction-schemas";

/** One reprice that this part of the screen asked for, and how far it is. */
export interface RepriceRun {
  start: (scope: RepriceScope, order: RepriceOrder) => void;
  cancel: () => void;
  /** Forgets it: what was asked is no longer what is on the screen. */
  clear: () => void;
  reprice: CorrectionAnswer | null;
  isRunning: boolean;
  isCancelling: boolean;
  error: unknown;
}

/** Asks for reprices and follows the last one to its end; then every figure that may have moved is asked again. */
export function useReprice(): RepriceRun {
  const queries = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  const keep = (reprice: CorrectionAnswer) => {
    queries.setQueryData(repriceQuery(reprice.id).queryKey, reprice);
    setId(reprice.id);
  };
  const asked = useMutation({
    mutationFn: ([scope, order]: [RepriceScope, RepriceOrder]) => requestReprice(scope, order),
    onSuccess: keep,
  });
  const cancelled = useMutation({ mutationFn: cancelReprice, onSuccess: keep });
  const followed = useQuery({ ...repriceQuery(id ?? ""), enabled: id !== null });
  const reprice = id === null ? null : (followed.data ?? null);
  const hasMoved = reprice !== null && isOver(reprice) && !reprice.dry_run;

  useEffect(() => {
    if (hasMoved) void queries.invalidateQueries();
  }, [hasMoved, queries]);

  return {
    start: (scope, order) => {
      setId(null);
      asked.mutate([scope, order]);
    },
    cancel: () => id !== null && cancelled.mutate(id),
    clear: () => {
      setId(null);
      asked.reset();
    },
    reprice,
    isRunning: asked.isPending || (reprice !== null && !isOver(reprice)),
    isCancelling: cancelled.isPending,
    error: asked.error ?? cancelled.error ?? (id === null ? null : followed.error),
  };
}
