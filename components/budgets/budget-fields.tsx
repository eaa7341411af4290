"use client";

import type { ReactNode } from "react";
import {
  type BudgetDraft,
  type DraftField,
  type LimitName,
  SESSION_LIMITS,
} from "@/components/budgets/budget-draft";
import { MODE_WORDS } from "@/components/budgets/budget-words";
import { Button } from "@/components/ui/button";
import { ChoiceField, Field } from "@/components/ui/field";
import { BUDGET_MODES } from "@/lib/budgets/budget";

export interface FieldsProps {
  draft: BudgetDraft;
  onChange: (change: Partial<BudgetDraft>) => void;
  /** By field; shown once somebody tried to save. */
  faults: Partial<Record<DraftField, string>>;
}

const MODES = BUDGET_MODES.map((value) => ({ value, label: MODE_WORDS[value].label }));
const ACTIONS = [
  { value: "block", label: "Refuse calls" },
  { value: "throttle", label: "Let so many a minute through" },
  { value: "reroute", label: "Move to a cheaper model" },
] as const;

/** How hard the cap is, in words, and what happens at the limit. */
export function ModeFields({ draft, onChange, faults }: FieldsProps) {
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <ChoiceField
          label="Mode"
          value={draft.mode}
          options={MODES}
          onChoose={(mode) => onChange({ mode })}
        />
        {draft.mode !== "observe" && (
          <ChoiceField
            label="At the limit"
            value={draft.action}
            options={ACTIONS}
            onChoose={(action) => onChange({ action })}
          />
        )}
      </div>
      <p className="text-[13px] text-ink-muted">
        {MODE_WORDS[draft.mode].label} {MODE_WORDS[draft.mode].meaning}.
      </p>
      {draft.mode !== "observe" && draft.action === "throttle" && (
        <Field
          label="Calls a minute"
          inputMode="numeric"
          value={draft.throttlePerMinute}
          fault={faults.throttle}
          onChange={({ target }) => onChange({ throttlePerMinute: target.value })}
        />
      )}
      {draft.mode !== "observe" && draft.action === "reroute" && (
        <Field
          label="Model to move to"
          value={draft.rerouteTo}
          fault={faults.reroute}
          onChange={({ target }) => onChange({ rerouteTo: target.value })}
        />
      )}
    </div>
  );
}

const OTHER_LIMITS: readonly { name: Exclude<LimitName, "usd">; label: string }[] = [
  { name: "tokens", label: "Tokens" },
  { name: "calls", label: "Model calls" },
  { name: "tool_calls", label: "Tool calls" },
  { name: "seconds", label: "Seconds" },
];

/** Limits beside dollars: a loop is told by its calls before it is told by its cost. */
export function LimitFields({ draft, onChange, faults }: FieldsProps) {
  // One call is one call; how long it takes is known when it is over.
  const offered = draft.window === "request" ? OTHER_LIMITS.slice(0, 1) : OTHER_LIMITS;
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-medium text-[13px]">Other limits, beside dollars</legend>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {offered.map(({ name, label }) => (
          <Field
            key={name}
            label={label}
            inputMode="numeric"
            value={draft.limits[name]}
            fault={faults[name]}
            onChange={({ target }) =>
              onChange({ limits: { ...draft.limits, [name]: target.value } })
            }
          />
        ))}
      </div>
      {draft.window === "session" && (
        <Button
          size="small"
          className="self-start"
          onClick={() => onChange({ limits: SESSION_LIMITS })}
        >
          Usual for a session: $0.50, 20,000 tokens, 15 tool calls, 2 min
        </Button>
      )}
    </fieldset>
  );
}

const UNPRICED = [
  { value: "warn", label: "Let through, and told of" },
  { value: "block", label: "Refused" },
  { value: "rate", label: "Cost a rate" },
] as const;

/** What most budgets need no thought for. */
export function RuleFields({ draft, onChange, faults }: FieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <ChoiceField
        label="Calls without a price"
        value={draft.mode === "strict" && draft.unpriced === "warn" ? "block" : draft.unpriced}
        // What has no price cannot be held.
        options={draft.mode === "strict" ? UNPRICED.slice(1) : UNPRICED}
        onChoose={(unpriced) => onChange({ unpriced })}
      />
      {draft.unpriced === "rate" && (
        <Field
          label="US dollars per million tokens"
          inputMode="decimal"
          value={draft.usdPerMtok}
          fault={faults.rate}
          onChange={({ target }) => onChange({ usdPerMtok: target.value })}
        />
      )}
      <Field
        label="Who answers for it"
        placeholder="A person or a team"
        maxLength={200}
        value={draft.owner}
        onChange={({ target }) => onChange({ owner: target.value })}
      />
    </div>
  );
}

/** Choices that need no look: folded away, and there for a keyboard. */
export function MoreFields({
  isOpen = false,
  children,
}: {
  isOpen?: boolean;
  children: ReactNode;
}) {
  return (
    <details open={isOpen} className="group rounded-control border border-line">
      <summary className="cursor-pointer px-3 py-2 font-medium text-[13px]">More choices</summary>
      <div className="flex flex-col gap-4 border-line border-t p-3">{children}</div>
    </details>
  );
}
