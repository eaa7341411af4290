"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { scopeSearch } from "@/components/filters/scope";
import { usePresetScope } from "@/components/filters/use-preset-scope";
import { MoversPanel } from "@/components/spend/movers-panel";
import { spendQuery } from "@/components/spend/spend-answer";
import { groupsQuestion, scopeAt } from "@/components/spend/spend-questions";
import { keepAsking } from "@/components/spend/use-comparison";
import { resolveComparison } from "@/lib/comparison-range";
import { EXPLORE_PATH, withQuery } from "@/lib/paths";

const GROUP = "feature";
const PREVIOUS = { kind: "previous", mustMatchWeekday: false } as const;

/** Which features moved in the last seven days against the seven before, and what moved them. */
export function OverviewMovers() {
  const scope = usePresetScope("7d");
  const router = useRouter();
  const { range, nowMs, timeZone } = scope;
  const comparison = useMemo(
    () => resolveComparison(range, PREVIOUS, nowMs, timeZone),
    [range, nowMs, timeZone],
  );
  const earlier = scopeAt(scope, comparison?.range ?? range);
  const now = useQuery(spendQuery(costsOf(groupsQuestion(scope, [GROUP]))));
  const before = useQuery(
    keepAsking(costsOf(groupsQuestion(earlier, [GROUP])), comparison !== null),
  );
  if (!comparison) return null;
  return (
    <MoversPanel
      scope={scope}
      group={GROUP}
      comparison={comparison}
      now={now}
      before={before}
      onFilter={(name) =>
        router.push(
          withQuery(EXPLORE_PATH, scopeSearch(scope, [{ dimension: GROUP, value: name ?? "" }])),
        )
      }
    />
  );
}

/** Who moved is told by the cost alone. */
function costsOf(query: URLSearchParams): URLSearchParams {
  query.set("figures", "cost_usd,calls");
  return query;
}
