"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { requestCheck } from "@/components/integrity/integrity-answer";
import { useWorkspace } from "@/components/layout/workspace";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import { formatQuantity } from "@/lib/format";
import type { IntegrityAnswer } from "@/lib/integrity/integrity-schemas";

/** When all was compared last, and a button to do it now. */
export function LastRun({ answer }: { answer: IntegrityAnswer }) {
  const { me, project, timeZone } = useWorkspace();
  const queryClient = useQueryClient();
  const check = useMutation({
    mutationFn: () => requestCheck(project),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["integrity"] }),
  });
  const isRunning = answer.running || check.isPending;
  const open = answer.runs.find(({ is_full, finished_at }) => is_full && finished_at === null);
  const mayCheck = me.permissions.includes("integrity.check");
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-[13px] text-ink-muted">
        {mayCheck && (
          <Button aria-disabled={isRunning} onClick={() => !isRunning && check.mutate()}>
            <ShieldCheck aria-hidden="true" />
            {isRunning ? "Checking…" : "Check now"}
          </Button>
        )}
        <p aria-live="polite">
          {isRunning ? (
            `Comparing every day: ${formatQuantity(open?.days ?? 0, "day")} so far`
          ) : answer.checked_at ? (
            <>
              Last compared <Moment at={answer.checked_at} timeZone={timeZone} />
            </>
          ) : (
            "Days are compared some minutes after their last event"
          )}
          {!mayCheck && ". An engineer or an admin can have it done now."}
        </p>
      </div>
      {check.isError && (
        <PanelError
          what="The check"
          failure="could not be asked for"
          error={check.error}
          onRetry={() => check.mutate()}
        />
      )}
    </div>
  );
}
