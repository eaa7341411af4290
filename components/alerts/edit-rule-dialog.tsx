"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { AUDIENCE_WORDS, KIND_WORDS } from "@/components/alerts/kind-words";
import {
  listRuleFaults,
  ruleBody,
  ruleDraftOf,
  withAudience,
} from "@/components/alerts/rule-draft";
import { saveRule } from "@/components/alerts/rule-requests";
import { KINDS_WITH_FLOOR, OPTION_WORDS } from "@/components/alerts/rule-words";
import { FormDialog } from "@/components/states/form-dialog";
import { Field, TickField } from "@/components/ui/field";
import { AUDIENCES } from "@/lib/alerts/alert";
import type { AlertRuleAnswer } from "@/lib/alerts/alert-rule-schemas";

interface EditRuleDialogProps {
  /** What holds now. */
  rule: AlertRuleAnswer;
  /** Slug of the project that it is to hold in; null: in all without a rule of their own. */
  project: string | null;
  onClose: () => void;
}

/** Sets which alerts of a kind are raised, from when on and for whom. */
export function EditRuleDialog({ rule, project, onClose }: EditRuleDialogProps) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => ruleDraftOf(rule));
  const faults = listRuleFaults(draft);
  const body = ruleBody(draft, project);
  const { label, meaning } = KIND_WORDS[rule.kind];
  const option = OPTION_WORDS[rule.kind];
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`${label} ${project === null ? "in every project" : `in ${project}`}`}
      description={
        <p>
          {meaning}{" "}
          {project === null
            ? "It holds in every project without a rule of its own. What was told stays told."
            : "Here it takes the place of what holds everywhere. What was told stays told."}
        </p>
      }
      submitLabel="Save the rule"
      busyLabel="Saving…"
      canSubmit={body !== null}
      onSubmit={async () => {
        if (body !== null) await saveRule(body);
        await queries.invalidateQueries({ queryKey: ["alert-rules"] });
      }}
    >
      <TickField
        label="Tell of it"
        hint="Off: nothing of it is looked for, and nobody learns that there was something."
        checked={draft.enabled}
        onCheckedChange={(checked) => setDraft({ ...draft, enabled: checked === true })}
      />
      {option && (
        <Field
          label={option.label}
          hint={option.hint}
          inputMode="decimal"
          fault={faults.option}
          value={draft.option}
          onChange={({ target }) => setDraft({ ...draft, option: target.value })}
        />
      )}
      {KINDS_WITH_FLOOR.has(rule.kind) && (
        <Field
          label="From so many US dollars on"
          hint="Of less nobody is told."
          inputMode="decimal"
          fault={faults.floor}
          value={draft.floor}
          onChange={({ target }) => setDraft({ ...draft, floor: target.value })}
        />
      )}
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-2 font-medium text-[13px]">Tells the channels of</legend>
        <div className="flex flex-wrap gap-x-6 gap-y-3">
          {AUDIENCES.map((one) => (
            <TickField
              key={one}
              label={AUDIENCE_WORDS[one]}
              checked={draft.audience.includes(one)}
              onCheckedChange={(checked) =>
                setDraft({
                  ...draft,
                  audience: withAudience(draft.audience, one, checked === true),
                })
              }
            />
          ))}
        </div>
        {faults.audience && (
          <p role="status" className="text-[13px] text-danger">
            {faults.audience}
          </p>
        )}
      </fieldset>
    </FormDialog>
  );
}
