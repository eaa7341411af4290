"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import type { RepriceScope } from "@/components/prices/reprice-answer";
import { RepriceProgress, RepriceResult } from "@/components/prices/reprice-result";
import { type RepriceRun, useReprice } from "@/components/prices/use-reprice";
import { PanelError } from "@/components/states/panel-error";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import type { CorrectionAnswer } from "@/lib/corrections/correction-schemas";
import { formatCostSum, formatExactUsd, formatQuantity, UNKNOWN } from "@/lib/format";

interface RepriceStepsProps {
  scope: RepriceScope;
  /** The range in words. */
  rangeText: string;
  defaultReason: string;
  onClose: () => void;
}

/** A reprice in its order: what would change, a reason, the change with its progress, what came of it. */
export function RepriceSteps({ scope, rangeText, defaultReason, onClose }: RepriceStepsProps) {
  const dry = useReprice();
  const run = useReprice();
  const hasBegun = useRef(false);
  useEffect(() => {
    // Once: looking changes nothing, but each look reads every call.
    if (hasBegun.current) return;
    hasBegun.current = true;
    dry.start(scope, { dry_run: true });
  }, [dry, scope]);

  if (run.reprice && !run.isRunning) return <Outcome reprice={run.reprice} onClose={onClose} />;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-[13px] text-ink-muted">
        Calls of {rangeText}, each priced again at its own time by today's prices.
      </p>
      {run.isRunning ? (
        <RepriceProgress
          reprice={run.reprice}
          what="Repricing"
          onCancel={run.cancel}
          isCancelling={run.isCancelling}
        />
      ) : (
        <Preview run={dry} onRetry={() => dry.start(scope, { dry_run: true })} />
      )}
      {run.error !== null && (
        <PanelError
          what="The reprice"
          failure="did not go through"
          error={run.error}
          onRetry={run.clear}
        />
      )}
      {!run.isRunning && dry.reprice && !dry.isRunning && dry.reprice.state === "done" && (
        <ConfirmReprice
          preview={dry.reprice}
          defaultReason={defaultReason}
          onConfirm={(reason) => run.start(scope, { dry_run: false, reason })}
          onClose={onClose}
        />
      )}
    </div>
  );
}

/** A dry run: on its way, failed, stopped or done. */
export function Preview({ run, onRetry }: { run: RepriceRun; onRetry: () => void }) {
  const { reprice } = run;
  if (run.error !== null) {
    return (
      <PanelError
        what="The preview"
        failure="could not be made"
        error={run.error}
        onRetry={onRetry}
      />
    );
  }
  if (run.isRunning) {
    return (
      <RepriceProgress
        reprice={reprice}
        what="Preview"
        onCancel={run.cancel}
        isCancelling={run.isCancelling}
      />
    );
  }
  if (!reprice) return null;
  if (reprice.state === "done") return <RepriceResult reprice={reprice} />;
  return (
    <Alert variant={reprice.state === "failed" ? "danger" : "info"}>
      <AlertTitle>
        {reprice.state === "failed" ? "The preview failed" : "The preview was stopped"}
      </AlertTitle>
      <AlertDescription>
        {reprice.error}
        <Button size="small" className="mt-2" onClick={onRetry}>
          Preview again
        </Button>
      </AlertDescription>
    </Alert>
  );
}

interface ConfirmRepriceProps {
  preview: CorrectionAnswer;
  defaultReason: string;
  onConfirm: (reason: string) => void;
  onClose: () => void;
}

function ConfirmReprice({ preview, defaultReason, onConfirm, onClose }: ConfirmRepriceProps) {
  const [reason, setReason] = useState(defaultReason);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() !== "") onConfirm(reason.trim());
  };
  if (preview.calls_changed === 0) {
    return (
      <div className="flex flex-wrap items-center justify-between gap-2 text-[13px]">
        <p className="text-ink-muted">Every one of them has today's price already.</p>
        <Button onClick={onClose}>Close</Button>
      </div>
    );
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-1.5">
      <Field
        label="Reason"
        hint="It stays with every call that changes, beside your name. What each cost before stays too."
        value={reason}
        maxLength={1000}
        required
        onChange={({ target }) => setReason(target.value)}
      />
      <div className="mt-3 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Not now</Button>
        <Button type="submit" variant="primary">
          Reprice {formatQuantity(preview.calls_changed, "call")}
        </Button>
      </div>
    </form>
  );
}

function Outcome({ reprice, onClose }: { reprice: CorrectionAnswer; onClose: () => void }) {
  const calls = formatQuantity(reprice.calls_changed, "call");
  return (
    <div className="flex flex-col gap-3">
      <Alert variant={OUTCOMES[reprice.state] ?? "info"}>
        <AlertTitle>
          {reprice.state === "done" && `${calls} repriced`}
          {reprice.state === "cancelled" && `Stopped: ${calls} were repriced and stay so`}
          {reprice.state === "failed" && "The reprice failed"}
        </AlertTitle>
        <AlertDescription>
          {reprice.state === "failed" ? (
            reprice.error
          ) : (
            <>
              Known cost <KnownCost usd={reprice.before_usd} unknown={reprice.unknown_before} />{" "}
              before, <KnownCost usd={reprice.after_usd} unknown={reprice.unknown_after} /> after.
              Every screen shows it within seconds.
            </>
          )}
        </AlertDescription>
      </Alert>
      <RepriceResult reprice={reprice} />
      <div className="flex justify-end">
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}

/** Where nothing was known, the sum of what was is not $0.00. */
function KnownCost({ usd, unknown }: { usd: string; unknown: number }) {
  if (usd === "0" && unknown > 0) return UNKNOWN;
  return <span title={formatExactUsd(usd)}>{formatCostSum(usd)}</span>;
}

const OUTCOMES: Partial<Record<CorrectionAnswer["state"], "good" | "danger" | "caution">> = {
  done: "good",
  failed: "danger",
  cancelled: "caution",
};
