"use client";

import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Scope } from "@/components/filters/scope";
import {
  chooseMovers,
  type Mover,
  prepareMovers,
  prepareWholeMove,
} from "@/components/spend/prepare-movers";
import { type SpendAnswer, spendQuery } from "@/components/spend/spend-answer";
import { modelsQuestion, scopeAt } from "@/components/spend/spend-questions";
import { keepAsking } from "@/components/spend/use-comparison";
import type { Comparison } from "@/lib/comparison-range";

/** A cause does not change by the second. */
const MODELS_AGE_MS = 60_000;

export interface MoversInput {
  scope: Scope;
  group: string;
  comparison: Comparison;
  /** The groups of both times, which the movers are chosen from. Where one of them fails, it is said here too. */
  now: GroupsQuery;
  before: GroupsQuery;
}

type GroupsQuery = Pick<UseQueryResult<SpendAnswer>, "data" | "error" | "isError" | "refetch">;

export interface MoversView {
  whole: Mover;
  movers: Mover[];
  /** False where a limit left models out of the movers' parts. */
  isComplete: boolean;
}

/** Who moved against the comparison, and what moved them. The movers are chosen first, then asked by model. */
export function useMovers({ scope, group, comparison, ...groups }: MoversInput) {
  const [now, before] = [groups.now.data ?? null, groups.before.data ?? null];
  const names = useMemo(
    () => (now && before ? chooseMovers(now, before, group) : []),
    [now, before, group],
  );
  const earlier = scopeAt(scope, comparison.range);
  const hasNames = names.length > 0;
  // What the page shows first is asked first.
  const isTurn = now !== null && before !== null;
  const aged = { staleTime: MODELS_AGE_MS };
  const wholeNow = useQuery({
    ...spendQuery(modelsQuestion(scope, group, null)),
    ...aged,
    enabled: isTurn,
  });
  const wholeBefore = useQuery(keepAsking(modelsQuestion(earlier, group, null), isTurn));
  const namesNow = useQuery({
    ...spendQuery(modelsQuestion(scope, group, names)),
    ...aged,
    enabled: hasNames,
  });
  const namesBefore = useQuery(keepAsking(modelsQuestion(earlier, group, names), hasNames));
  const queries = [groups.now, groups.before, wholeNow, wholeBefore, namesNow, namesBefore];

  const view = useMemo((): MoversView | null => {
    if (!now || !before || !wholeNow.data || !wholeBefore.data) return null;
    if (hasNames && (!namesNow.data || !namesBefore.data)) return null;
    const [one, two] = [namesNow.data, namesBefore.data];
    return {
      whole: prepareWholeMove(wholeNow.data, wholeBefore.data),
      movers: one && two && hasNames ? prepareMovers(one, two, group, names) : [],
      isComplete: (one?.rest ?? null) === null && (two?.rest ?? null) === null,
    };
  }, [
    now,
    before,
    wholeNow.data,
    wholeBefore.data,
    namesNow.data,
    namesBefore.data,
    hasNames,
    names,
    group,
  ]);
  return {
    view,
    error: queries.find((query) => query.isError)?.error ?? null,
    retry: () => {
      for (const query of queries) if (query.isError) void query.refetch();
    },
  };
}
