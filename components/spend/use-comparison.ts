"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Scope } from "@/components/filters/scope";
import { type SpendAnswer, spendQuery } from "@/components/spend/spend-answer";
import {
  beforeQuestion,
  groupsQuestion,
  isSameButLater,
  listDimensions,
  type SpendQuestion,
  scopeAt,
} from "@/components/spend/spend-questions";
import { type Comparison, resolveComparison } from "@/lib/comparison-range";

/** Asks the same questions of the earlier time. `comparison` is null where nothing is compared, or nothing can be yet. */
export function useComparison(scope: Scope, question: SpendQuestion) {
  const { range, nowMs, timeZone } = scope;
  const { compare } = question;
  const comparison = useMemo(
    (): Comparison | null =>
      compare === null ? null : resolveComparison(range, compare, nowMs, timeZone),
    [range, compare, nowMs, timeZone],
  );
  const earlier = scopeAt(scope, comparison?.range ?? range);
  const isOn = comparison !== null;
  const groupsBy = (dimensions: readonly string[]) =>
    keepAsking(groupsQuestion(earlier, dimensions, question.hasPercentiles), isOn);
  const groups = useQuery(groupsBy([question.group]));
  const table = useQuery(groupsBy(listDimensions(question)));
  const buckets = useQuery(keepAsking(beforeQuestion(earlier, question), isOn));
  return { comparison, groups, table, buckets };
}

/** Asks of an earlier time. "So far" moves on every minute: till its answer is there, that of the minute before serves. */
export function keepAsking(query: URLSearchParams, isOn: boolean) {
  const text = query.toString();
  return {
    ...spendQuery(query),
    enabled: isOn,
    placeholderData: (
      last: SpendAnswer | undefined,
      lastQuery: { queryKey: readonly unknown[] } | undefined,
    ) => (isSameButLater(text, String(lastQuery?.queryKey[1])) ? last : undefined),
  };
}
