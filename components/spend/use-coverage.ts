"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useMetadataKeys } from "@/components/filters/metadata-keys";
import { type Scope, scopeQuery } from "@/components/filters/scope";
import { useWorkspace } from "@/components/layout/workspace";
import { type Coverage, chooseTags, prepareCoverage } from "@/components/spend/prepare-coverage";
import { spendQuery } from "@/components/spend/spend-answer";
import { scopeAt } from "@/components/spend/spend-questions";

const REFRESH_MS = 15_000;
const HOUR_MS = 3_600_000;
const FIGURES = "cost_usd,calls";

/** A tag's coverage; null while it is asked for, and where that failed. */
export interface TagCoverage {
  dimension: string;
  coverage: Coverage | null;
  hasFailed: boolean;
}

/**
 * How much of a time carries each of the tags. Of metadata no sums are kept, and its share is read from the calls
 * themselves: up to the last whole hour, so that it is asked once an hour and not every minute.
 */
export function useCoverage(scope: Scope) {
  const { coverage_tags: chosen } = useWorkspace().me;
  const metadataKeys = useMetadataKeys(chosen === null);
  const tags = useMemo(() => chooseTags(chosen, metadataKeys), [chosen, metadataKeys]);
  const hourly = useMemo(() => upToTheHour(scope), [scope]);
  const asked = tags.map((dimension) => {
    const isRead = dimension.startsWith("metadata.");
    const refetchInterval = isRead ? (false as const) : REFRESH_MS;
    return { dimension, at: isRead ? hourly : scope, refetchInterval };
  });
  const isHourlyAsked = asked.some(({ at }) => at === hourly);
  const whole = useQuery({ ...figuresQuery(scope), refetchInterval: REFRESH_MS });
  const wholeOfHours = useQuery({ ...figuresQuery(hourly), enabled: isHourlyAsked });
  const untagged = useQueries({
    queries: asked.map(({ dimension, at, refetchInterval }) => ({
      ...figuresQuery(at, dimension),
      refetchInterval,
      ...(refetchInterval === false ? { staleTime: HOUR_MS } : {}),
    })),
  });
  const coverage = asked.map(({ dimension, at }, index): TagCoverage => {
    const [all, part] = [at === scope ? whole : wholeOfHours, untagged[index]];
    const [total, without] = [all.data?.total, part?.data?.total];
    const isThere = total !== undefined && without !== undefined;
    return {
      dimension,
      coverage: isThere ? prepareCoverage(dimension, total, without) : null,
      hasFailed: all.isError || part?.isError === true,
    };
  });
  const failed = [whole, wholeOfHours, ...untagged].filter(({ isError }) => isError);
  const retry = () => {
    for (const query of failed) void query.refetch();
  };
  return { coverage, retry: failed.length > 0 ? retry : null };
}

/** What was spent, or what of it has no value of a dimension. */
function figuresQuery(scope: Scope, untagged?: string) {
  const filters = untagged === undefined ? [] : [{ dimension: untagged, value: "" }];
  const query = scopeQuery(scope, filters);
  query.set("figures", FIGURES);
  return spendQuery(query);
}

/** The scope without the hour that is not over; within its first hour as it is. */
function upToTheHour(scope: Scope): Scope {
  const { fromMs } = scope.range;
  const toMs = Math.floor(Math.min(scope.range.toMs, scope.nowMs) / HOUR_MS) * HOUR_MS;
  return toMs > fromMs ? scopeAt(scope, { fromMs, toMs }) : { ...scope };
}
