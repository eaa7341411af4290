"use client";

import { useMemo, useState } from "react";
import type { Scope } from "@/components/filters/scope";
import type { PriceDraft } from "@/components/prices/price-draft";
import { PriceForm } from "@/components/prices/price-form";
import type { RepriceScope } from "@/components/prices/reprice-answer";
import { RepriceSteps } from "@/components/prices/reprice-steps";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import type { PriceOverrideAnswer } from "@/lib/prices/price-schemas";
import { describeRange } from "@/lib/time-range";

/** What a dialog on this screen is about. */
export type PriceTask =
  | { kind: "price"; draft: PriceDraft; isNamed: boolean; project: string }
  | {
      kind: "reprice";
      project: string;
      filter: Record<string, string>;
      reason: string;
      title: string;
    };

interface PriceDialogProps {
  task: PriceTask;
  scope: Scope;
  onClose: () => void;
}

/** Sets a price and then gives it to earlier calls, or does only the second. */
export function PriceDialog({ task, scope, onClose }: PriceDialogProps) {
  const [saved, setSaved] = useState<{
    price: PriceOverrideAnswer & { closed: PriceOverrideAnswer | null };
    scope: RepriceScope;
  } | null>(null);
  const rangeText = describeRange(scope.range, scope.timeZone);
  // Kept as it was when the dialog opened: the clock goes on, and the preview is of these calls.
  const [range] = useState(() => ({
    from: new Date(scope.range.fromMs).toISOString(),
    to: new Date(scope.range.toMs).toISOString(),
  }));
  const scopeOf = (draft: PriceDraft): RepriceScope => ({
    ...range,
    project: draft.project ?? (task.kind === "price" ? task.project : "*"),
    filter: namesOf(draft, task.kind === "price" && task.isNamed),
  });
  const only = useMemo(
    () =>
      task.kind === "reprice" ? { ...range, project: task.project, filter: task.filter } : null,
    [task, range],
  );
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent className="w-full sm:max-w-2xl">
        <DialogHeader>
          <DialogTitle className="break-words">{titleOf(task, saved?.price ?? null)}</DialogTitle>
          <DialogDescription>
            {saved || task.kind === "reprice"
              ? "First a look at what would change; nothing changes until you say so."
              : "It holds for calls received from now on; earlier ones get it by a reprice."}
          </DialogDescription>
        </DialogHeader>
        {only ? (
          <RepriceSteps
            scope={only}
            rangeText={rangeText}
            defaultReason={task.kind === "reprice" ? task.reason : ""}
            onClose={onClose}
          />
        ) : saved ? (
          <div className="flex flex-col gap-4">
            <Saved price={saved.price} />
            <RepriceSteps
              scope={saved.scope}
              rangeText={rangeText}
              defaultReason={saved.price.note}
              onClose={onClose}
            />
          </div>
        ) : (
          task.kind === "price" && (
            <PriceForm
              initial={task.draft}
              isNamed={task.isNamed}
              scopeOf={scopeOf}
              rangeText={rangeText}
              timeZone={scope.timeZone}
              onSaved={(price, draft) => setSaved({ price, scope: scopeOf(draft) })}
              onClose={onClose}
            />
          )
        )}
      </DialogContent>
    </Dialog>
  );
}

/**
 * The calls that a price is for. A provider has many spellings, of which a price knows one: only of calls there are it is
 * known how they name it. A model's name that ends in a star stands for many.
 */
function namesOf({ provider, model }: PriceDraft, isNamed: boolean): Record<string, string> {
  if (isNamed) return { provider, model };
  return model.trim().endsWith("*") ? {} : { model: model.trim() };
}

function titleOf(task: PriceTask, saved: PriceOverrideAnswer | null): string {
  if (task.kind === "reprice") return task.title;
  if (saved) {
    return `Reprice earlier calls of ${saved.model.endsWith("*") ? "every model" : saved.model}`;
  }
  return task.draft.model ? `Price of ${task.draft.model}` : "Add a price";
}

function Saved({ price }: { price: PriceOverrideAnswer & { closed: PriceOverrideAnswer | null } }) {
  return (
    <Alert variant="good">
      <AlertTitle>The price is saved: calls received from now on have it.</AlertTitle>
      {price.closed && (
        <AlertDescription>
          The one before ends where it begins, and stays on the record.
        </AlertDescription>
      )}
    </Alert>
  );
}
