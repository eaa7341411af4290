"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, Inbox } from "lucide-react";
import { EmptyRange } from "@/components/filters/empty-range";
import { offerShorter } from "@/components/filters/offer-shorter";
import type { useScope } from "@/components/filters/use-scope";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useWorkspace } from "@/components/layout/workspace";
import type { PriceTask } from "@/components/prices/price-dialog";
import { unpricedQuery } from "@/components/prices/prices-answer";
import { UnpricedItem } from "@/components/prices/unpriced-item";
import { sortByRemedy } from "@/components/prices/unpriced-words";
import { EmptyState } from "@/components/states/empty-state";
import { Panel } from "@/components/states/panel";
import { SlowNote } from "@/components/states/slow-note";
import { useLast } from "@/components/states/use-last";
import { CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { formatCount, formatQuantity } from "@/lib/format";
import type { UnpricedAnswer } from "@/lib/prices/unpriced-schemas";

interface UnpricedPanelProps {
  state: ReturnType<typeof useScope>;
  onOpen: (task: PriceTask) => void;
}

/** Models whose calls have no whole price, most calls first, each with what mends it. */
export function UnpricedPanel({ state, onOpen }: UnpricedPanelProps) {
  const { scope } = state;
  const { projects } = useWorkspace();
  const query = useQuery(unpricedQuery(scope.project, scope.range));
  const shown = useLast(query.data ?? null);
  return (
    <>
      <SlowNote isWaiting={query.isLoading} shorter={offerShorter(state)} />
      <Panel
        name="Calls without a price"
        error={query.error}
        onRetry={() => void query.refetch()}
        isCurrent={query.data !== undefined}
        skeletonHeight={260}
      >
        {shown && (
          <>
            <CardHeader className="flex-col gap-0.5 pb-2">
              <CardTitle>Calls without a price</CardTitle>
              <CardDescription>{describeCounts(shown)}</CardDescription>
            </CardHeader>
            {shown.models.length === 0 ? (
              <NothingUnpriced state={state} />
            ) : (
              <ul>
                {sortByRemedy(shown.models).map((unpriced) => (
                  <UnpricedItem
                    key={`${unpriced.project} ${unpriced.provider} ${unpriced.model}`}
                    unpriced={unpriced}
                    scope={scope}
                    hasProjects={scope.project === ALL_PROJECTS && projects.length > 1}
                    onOpen={onOpen}
                  />
                ))}
              </ul>
            )}
          </>
        )}
      </Panel>
    </>
  );
}

/** The same counts as Explore's card, in words. */
function describeCounts(answer: UnpricedAnswer): string {
  const { unpriced_calls, partial_calls, models_count, models } = answer;
  if (models_count === 0) return "No cost is unknown in this range.";
  const parts = [
    unpriced_calls > 0 ? `${formatQuantity(unpriced_calls, "call")} without a known cost` : null,
    partial_calls > 0 ? `${formatQuantity(partial_calls, "call")} priced in part` : null,
  ].filter((part) => part !== null);
  const rest = models_count > models.length ? `; the first ${formatCount(models.length)}` : "";
  return `${parts.join(", ")}, of ${formatQuantity(models_count, "model")}${rest}. They count as unknown in every sum, never as $0.`;
}

/** Nothing was ever received, nothing in this range, or all of it has its price: three different things. */
function NothingUnpriced({ state }: { state: UnpricedPanelProps["state"] }) {
  const never = (
    <EmptyState icon={Inbox} title="Nothing was received yet">
      What has no price shows here as soon as calls arrive. The catalogue below is ready.
    </EmptyState>
  );
  return (
    <EmptyRange state={state} never={never}>
      <EmptyState icon={CircleCheck} title="Every call of this range has its price">
        A model that nobody knows a price for shows here first.
      </EmptyState>
    </EmptyRange>
  );
}
