"use client";

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import {
  type BudgetDraft,
  hasValues,
  type ValueKind,
  withScope,
} from "@/components/budgets/budget-draft";
import type { FieldsProps } from "@/components/budgets/budget-fields";
import { describeWindow, SCOPE_WORDS } from "@/components/budgets/budget-words";
import { type SeenValue, seenValuesQuery } from "@/components/budgets/seen-values";
import { usePresetScope } from "@/components/filters/use-preset-scope";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { ChoiceField, Field } from "@/components/ui/field";
import { BUDGET_SCOPES, windowsOf } from "@/lib/budgets/budget";
import { formatCostSum } from "@/lib/format";

const WHERE_ALL = "";

/** Whom the cap is for, and over what time. */
export function TargetFields({
  draft,
  onChange,
  faults,
  children,
}: FieldsProps & { /** The limit, beside the window. */ children: ReactNode }) {
  const { projects } = useWorkspace();
  const may = useMay();
  const places = [
    ...(may("budgets.write_everywhere", null)
      ? [{ value: WHERE_ALL, label: draft.scope === "project" ? "Each project" : "All projects" }]
      : []),
    ...projects
      .filter(({ slug }) => may("budgets.write", slug))
      .map(({ slug, name }) => ({ value: slug, label: name })),
  ];
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <ChoiceField
        label="Cap"
        value={draft.scope}
        options={scopes(may("budgets.write_everywhere", null))}
        onChoose={(scope) => onChange(withScope(draft, scope))}
      />
      {draft.scope !== "global" && (
        <ChoiceField
          label={draft.scope === "project" ? "Which" : "In the project"}
          value={draft.project ?? WHERE_ALL}
          options={places}
          onChoose={(place) => onChange({ project: place === WHERE_ALL ? null : place })}
        />
      )}
      {hasValues(draft.scope) && <ValueFields draft={draft} onChange={onChange} faults={faults} />}
      <ChoiceField
        label="Over"
        value={draft.window}
        options={windowsOf(draft.scope).map((value) => ({
          value,
          label: capital(value === "request" ? "each call" : describeWindow(value)),
        }))}
        onChoose={(window) => onChange({ window })}
      />
      {children}
    </div>
  );
}

function ValueFields({ draft, onChange, faults }: FieldsProps) {
  const id = useId();
  const word = SCOPE_WORDS[draft.scope];
  const seen = useSeenValues(draft);
  const chosen = seen.find(({ value }) => value === draft.value.trim());
  const kinds: { value: ValueKind; label: string }[] = [
    { value: "one", label: `One ${word}` },
    { value: "each", label: `Each ${word} by itself` },
    { value: "untagged", label: `Calls without ${word}` },
  ];
  return (
    <>
      <ChoiceField
        label="Which"
        value={draft.valueKind}
        options={kinds}
        onChoose={(valueKind) => onChange({ valueKind })}
      />
      {draft.valueKind === "one" && (
        <div className="min-w-0">
          <Field
            label={capital(word)}
            list={id}
            maxLength={256}
            spellCheck={false}
            placeholder={seen.length > 0 ? "Choose, or type a name" : "Type a name"}
            value={draft.value}
            fault={faults.value}
            hint={chosen ? `${formatCostSum(chosen.costUsd)} in the last 30 days.` : undefined}
            onChange={({ target }) => onChange({ value: target.value })}
          />
          <datalist id={id}>
            {seen.map(({ value, costUsd }) => (
              <option key={value} value={value}>
                {formatCostSum(costUsd)}
              </option>
            ))}
          </datalist>
        </div>
      )}
    </>
  );
}

const NONE: readonly SeenValue[] = [];

/** Names that had calls in the last 30 days, dearest first. */
export function useSeenValues({ scope, project }: BudgetDraft): readonly SeenValue[] {
  const range = usePresetScope("30d");
  const { data } = useQuery(
    seenValuesQuery({ ...range, project: project ?? range.project }, scope),
  );
  return data ?? NONE;
}

function scopes(isEverywhere: boolean) {
  return BUDGET_SCOPES.filter((scope) => scope !== "global" || isEverywhere)
    .map((value) => ({
      value,
      label: value === "global" ? "Everything" : capital(SCOPE_WORDS[value]),
    }))
    .sort((one, two) => ORDER.indexOf(one.value) - ORDER.indexOf(two.value));
}

/** What people cap first. */
const ORDER: readonly string[] = [
  "agent",
  "feature",
  "user",
  "model",
  "task_type",
  "project",
  "global",
  "session",
  "task",
  "trace",
  "request",
];

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
