"use client";

import { useQuery } from "@tanstack/react-query";
import { FaultItem } from "@/components/integrity/fault-item";
import { faultsQuery } from "@/components/integrity/rejections-answer";
import { useWorkspace } from "@/components/layout/workspace";
import { Panel } from "@/components/states/panel";
import { Titled } from "@/components/states/titled";
import { useLast } from "@/components/states/use-last";
import { formatQuantity } from "@/lib/format";

/** Events that did not count, by what is wrong with them. */
export function FaultsPanel({ hasProjects }: { hasProjects: boolean }) {
  const { project, timeZone } = useWorkspace();
  const query = useQuery(faultsQuery(project));
  const shown = useLast(query.data ?? null);
  const events = shown?.faults.reduce((sum, fault) => sum + fault.events, 0) ?? 0;
  return (
    <Panel
      name="Events that did not count"
      error={query.error}
      onRetry={() => void query.refetch()}
      isCurrent={query.data !== undefined}
      skeletonHeight={140}
    >
      {shown && (
        <Titled
          title="Events that did not count"
          description={
            shown.faults.length === 0
              ? "Nothing was rejected, in conflict or refused by the store, ever."
              : `${formatQuantity(events, "event")} with ${formatQuantity(shown.faults.length, "fault")}, whatever the range. Samples are kept of each.`
          }
        >
          <ul className="pb-1">
            {shown.faults.map((fault) => (
              <FaultItem
                key={`${fault.project} ${fault.kind} ${fault.fingerprint}`}
                fault={fault}
                hasProjects={hasProjects}
                timeZone={timeZone}
              />
            ))}
          </ul>
        </Titled>
      )}
    </Panel>
  );
}
