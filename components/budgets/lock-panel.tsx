"use client";

import { LockOpen } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { describeTarget } from "@/components/budgets/budget-words";
import { type LockedValue, listLocked } from "@/components/budgets/locked-values";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { NeedsRole } from "@/components/states/needs-role";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import type { WholeBudgetAnswer } from "@/lib/budgets/budget-answer-schemas";

// Nobody needs a dialog at first sight: it comes when it is asked for.
const UnlockDialog = dynamic(
  () => import("@/components/budgets/unlock-dialog").then((module) => module.UnlockDialog),
  { ssr: false },
);

/** What of a budget a stage closed, since when and until when, and who may open it; nothing where all is open. */
export function LockPanel({ budget }: { budget: WholeBudgetAnswer }) {
  const { timeZone } = useWorkspace();
  const mayUnlock = useMay()("budgets.unlock", budget.project);
  const [chosen, setChosen] = useState<LockedValue | null>(null);
  const locked = budget.archived_at === null ? listLocked(budget) : [];
  if (locked.length === 0) return null;
  return (
    <Alert variant="danger">
      <AlertTitle>A stage locked it: every call it binds is refused.</AlertTitle>
      <AlertDescription>
        <ul aria-label="What is locked" className="mt-1 flex flex-col gap-2">
          {locked.map((one) => {
            const { at, percent, until } = one.lock;
            const name = one.name ?? describeTarget(budget);
            return (
              <li
                key={`${one.name} ${one.period}`}
                className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1"
              >
                <span className="[overflow-wrap:anywhere]">
                  {name}
                  {one.period !== null && one.period !== one.name && `, ${one.period}`}: locked at{" "}
                  {percent} % since <Moment at={at} timeZone={timeZone} />
                  {until === null ? (
                    ", until somebody unlocks it or the limit is changed"
                  ) : (
                    <>
                      , until <Moment at={until} timeZone={timeZone} />, or until somebody unlocks
                      it or the limit is changed
                    </>
                  )}
                  .
                </span>
                {mayUnlock && (
                  <Button size="small" aria-label={`Unlock ${name}`} onClick={() => setChosen(one)}>
                    <LockOpen aria-hidden="true" />
                    Unlock
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
        {!mayUnlock && (
          <div className="mt-2">
            <NeedsRole permission="budgets.unlock" what="Unlocking it" />
          </div>
        )}
      </AlertDescription>
      {chosen && <UnlockDialog budget={budget} locked={chosen} onClose={() => setChosen(null)} />}
    </Alert>
  );
}
