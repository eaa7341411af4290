"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useNow } from "@/components/filters/use-now";
import { useWorkspace } from "@/components/layout/workspace";
import { OverrideItem } from "@/components/prices/override-item";
import { sortOverrides } from "@/components/prices/override-state";
import type { PriceTask } from "@/components/prices/price-dialog";
import { emptyDraft } from "@/components/prices/price-draft";
import { overridesQuery } from "@/components/prices/prices-answer";
import { usePlaces } from "@/components/prices/use-places";
import { NeedsRole } from "@/components/states/needs-role";
import { Panel } from "@/components/states/panel";
import { useLast } from "@/components/states/use-last";
import { Button } from "@/components/ui/button";
import { CardDescription, CardHeader, CardTitle } from "@/components/ui/card";

/** The operator's own prices: in force, to come, ended. */
export function OverridesPanel({ onOpen }: { onOpen: (task: PriceTask) => void }) {
  const { project, timeZone } = useWorkspace();
  const query = useQuery(overridesQuery(project));
  // The minute alone would call what was set just now "to come".
  const nowMs = Math.max(useNow(), query.dataUpdatedAt);
  const shown = useLast(query.data ?? null);
  const places = usePlaces();
  const first = places[0];
  const add = () =>
    onOpen({
      kind: "price",
      isNamed: false,
      project,
      draft: emptyDraft({ project: first?.value ?? null, holds: "now" }),
    });
  return (
    <Panel
      name="Your prices"
      error={query.error}
      onRetry={() => void query.refetch()}
      isCurrent={query.data !== undefined}
      skeletonHeight={120}
    >
      {shown && (
        <>
          <CardHeader className="pb-2">
            <div className="min-w-0">
              <CardTitle>Your prices</CardTitle>
              <CardDescription>
                They win over the catalogue; a project's own wins over one for every project.
              </CardDescription>
            </div>
            {first && (
              <Button onClick={add}>
                <Plus aria-hidden="true" />
                Add a price
              </Button>
            )}
          </CardHeader>
          {!first && (
            <div className="px-4 pb-3">
              <NeedsRole permission="prices.write" what="Setting a price" />
            </div>
          )}
          {shown.overrides.length === 0 ? (
            <p className="px-4 pb-4 text-[13px] text-ink-muted">
              There is none: every call has the published price of the catalogue below. Add what you
              negotiated, or what your own machines cost.
            </p>
          ) : (
            <ul>
              {sortOverrides(shown.overrides, nowMs).map((override) => (
                <OverrideItem
                  key={override.id}
                  override={override}
                  nowMs={nowMs}
                  timeZone={timeZone}
                  onOpen={onOpen}
                />
              ))}
            </ul>
          )}
        </>
      )}
    </Panel>
  );
}
