"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useWorkspace } from "@/components/layout/workspace";
import { cancelReprice, isOver, repricesQuery } from "@/components/prices/reprice-answer";
import { Difference, RepriceProgress } from "@/components/prices/reprice-result";
import { Panel } from "@/components/states/panel";
import { PanelError } from "@/components/states/panel-error";
import { useLast } from "@/components/states/use-last";
import { CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Moment } from "@/components/ui/moment";
import type { CorrectionAnswer } from "@/lib/corrections/correction-schemas";
import { formatQuantity } from "@/lib/format";

const SHOWN = 10;

/** The last reprices: who, why, what they changed; one that is under way can be stopped. Nothing where there was none. */
export function RepricesPanel() {
  const { me, project, timeZone } = useWorkspace();
  const mayReprice = me.permissions.includes("calls.reprice");
  const query = useQuery({ ...repricesQuery(project), enabled: mayReprice });
  const shown = useLast(query.data ?? null);
  const reprices = shown?.reprices.filter(({ dry_run }) => !dry_run).slice(0, SHOWN) ?? [];
  if (!mayReprice || (!query.error && reprices.length === 0)) return null;
  return (
    <Panel
      name="Reprices"
      error={query.error}
      onRetry={() => void query.refetch()}
      isCurrent={query.data !== undefined}
      skeletonHeight={120}
    >
      {shown && (
        <>
          <CardHeader className="flex-col gap-0.5 pb-2">
            <CardTitle>Reprices</CardTitle>
            <CardDescription>Calls that were priced again, the latest first.</CardDescription>
          </CardHeader>
          <ul>
            {reprices.map((reprice) => (
              <RepriceItem key={reprice.id} reprice={reprice} timeZone={timeZone} />
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

const STATES: Record<CorrectionAnswer["state"], string> = {
  queued: "waits",
  running: "under way",
  done: "done",
  failed: "failed",
  cancelled: "stopped",
};

function RepriceItem({ reprice, timeZone }: { reprice: CorrectionAnswer; timeZone: string }) {
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelReprice(reprice.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ["reprices"] }),
  });
  const names = Object.values(reprice.filter).flat().join(", ");
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-1 border-line border-t px-4 py-2.5 text-[13px]">
      <div className="min-w-0 flex-1 basis-72">
        <p className="break-words">{reprice.reason}</p>
        <p className="break-words text-ink-muted">
          {reprice.author}, <Moment at={reprice.created_at} timeZone={timeZone} />
          {names && ` · ${names}`} · {reprice.projects.join(", ")}
        </p>
        {!isOver(reprice) && (
          <RepriceProgress
            reprice={reprice}
            what="Repricing"
            onCancel={() => cancel.mutate()}
            isCancelling={cancel.isPending}
          />
        )}
        {cancel.error && (
          <PanelError
            what="The reprice"
            failure="could not be stopped"
            error={cancel.error}
            onRetry={() => cancel.mutate()}
          />
        )}
      </div>
      <p className="tabular flex flex-wrap gap-x-3 text-right">
        <span className="text-ink-muted">{STATES[reprice.state]}</span>
        <span>{formatQuantity(reprice.calls_changed, "call")}</span>
        <Difference usd={reprice.difference_usd} />
      </p>
    </li>
  );
}
