"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createBody } from "@/components/budgets/budget-body";
import {
  type BudgetDraft,
  listFaults,
  nameOf,
  readDollars,
  startDraft,
} from "@/components/budgets/budget-draft";
import {
  type FieldsProps,
  LimitFields,
  ModeFields,
  MoreFields,
  RuleFields,
} from "@/components/budgets/budget-fields";
import { createBudget } from "@/components/budgets/budget-requests";
import { CalendarFields } from "@/components/budgets/calendar-fields";
import { preparePreview } from "@/components/budgets/prepare-preview";
import { StageFields } from "@/components/budgets/stage-fields";
import { SuggestedLimits } from "@/components/budgets/suggested-limits";
import { TargetFields } from "@/components/budgets/target-fields";
import type { Cap } from "@/components/filters/cap";
import { useNow } from "@/components/filters/use-now";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { FormDialog } from "@/components/states/form-dialog";
import { NeedsRole } from "@/components/states/needs-role";
import { Alert } from "@/components/ui/alert";
import { Field } from "@/components/ui/field";
import { BUDGET_SCOPES } from "@/lib/budgets/budget";

interface NewBudgetDialogProps {
  /** What is to be capped, as far as it is known. */
  cap: Cap;
  onClose: () => void;
  onMade?: (id: string) => void;
}

/** A new budget: prefilled as far as it can be, with what it will do in words. */
export function NewBudgetDialog({ cap, onClose, onMade }: NewBudgetDialogProps) {
  const queries = useQueryClient();
  const nowMs = useNow();
  const [draft, setDraft] = useState(useStart(cap));
  const mayMake = useMayMake();
  const faults = listFaults(draft);
  // What is not typed yet is no mistake: it is said below, and what is wrong at its field.
  const { value, usd, ...wrong } = faults;
  const shown: typeof faults =
    draft.limits.usd.trim() === "" ? wrong : { ...wrong, ...(usd ? { usd } : {}) };
  const preview = preparePreview(draft, nowMs);
  const fields: FieldsProps = {
    draft,
    faults: shown,
    onChange: (change) => setDraft((before) => ({ ...before, ...change })),
  };
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      isWide
      title="New budget"
      description="A cap on what is spent. It counts from the start of its period, also what was spent before it was made."
      submitLabel="Make the budget"
      busyLabel="Making…"
      canSubmit={mayMake && Object.keys(faults).length === 0}
      onSubmit={async () => {
        const { id } = await createBudget(createBody(draft));
        await queries.invalidateQueries({ queryKey: ["budgets"] });
        onMade?.(id);
      }}
    >
      {!mayMake && <NeedsRole permission="budgets.write" what="Making a budget" />}
      <TargetFields {...fields}>
        <Field
          label="Limit, US dollars"
          inputMode="decimal"
          placeholder="2000"
          value={draft.limits.usd}
          fault={shown.usd}
          onChange={({ target }) =>
            fields.onChange({ limits: { ...draft.limits, usd: target.value } })
          }
        />
      </TargetFields>
      <SuggestedLimits draft={draft} onChange={fields.onChange} />
      <ModeFields {...fields} />
      <StageFields {...fields} />
      <MoreFields isOpen={hasFaultInMore(shown)}>
        <Field
          label="Name"
          maxLength={200}
          placeholder={nameOf({ ...draft, name: "" })}
          value={draft.name}
          onChange={({ target }) => fields.onChange({ name: target.value })}
        />
        <LimitFields {...fields} />
        <RuleFields {...fields} />
        <CalendarFields {...fields} />
      </MoreFields>
      <div aria-live="polite">
        <Alert>{value ?? (shown.usd ? null : usd) ?? preview}</Alert>
      </div>
    </FormDialog>
  );
}

function hasFaultInMore(faults: FieldsProps["faults"]): boolean {
  const { tokens, calls, tool_calls, seconds, rate, monthDay } = faults;
  return [tokens, calls, tool_calls, seconds, rate, monthDay].some(Boolean);
}

/** What the dialog begins with: the row's own, else the project one looks at. */
function useStart(cap: Cap): BudgetDraft {
  const { project, projects, timeZone } = useWorkspace();
  const may = useMay();
  const mine = projects.filter(({ slug }) => may("budgets.write", slug));
  const place = cap.project ?? (project === ALL_PROJECTS ? null : project);
  // A name is a project's; with one project there is no question whose.
  const only = mine.length === 1 || !may("budgets.write_everywhere", null) ? mine[0]?.slug : null;
  const scope = BUDGET_SCOPES.find((one) => one === cap.scope);
  return startDraft({
    ...(scope ? { scope } : {}),
    value: cap.value ?? "",
    ...(cap.isUntagged ? { isUntagged: true } : {}),
    project: place ?? only ?? null,
    limitUsd: readDollars(cap.usd ?? "") ?? "",
    timeZone,
  });
}

function useMayMake(): boolean {
  const { projects } = useWorkspace();
  const may = useMay();
  return (
    may("budgets.write_everywhere", null) || projects.some(({ slug }) => may("budgets.write", slug))
  );
}
