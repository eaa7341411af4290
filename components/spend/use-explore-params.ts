"use client";

import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { chooseExplore, EXPLORE_PARAMS } from "@/components/spend/explore-params";
import type { TimeRange } from "@/lib/time-range";

/** Explore's own choices, in the URL, and what they ask. */
export function useExploreParams(range: TimeRange) {
  const [params, setParams] = useQueryStates(EXPLORE_PARAMS, { history: "push" });
  const choice = useMemo(() => chooseExplore(params, range), [params, range]);
  const question = useSame(choice.question);
  const cols = useSame(choice.cols);
  return useMemo(() => {
    const { group2, interval } = question;
    return { ...params, ...choice, question, cols, group2, interval, setParams };
  }, [params, choice, question, cols, setParams]);
}

/** The same object until something in it changes: sorting the table must not draw the chart again. */
function useSame<Value>(value: Value): Value {
  const text = JSON.stringify(value);
  return useMemo(() => JSON.parse(text) as Value, [text]);
}
