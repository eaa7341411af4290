"use client";

import type { ChannelDraft, ChannelField } from "@/components/channels/channel-draft";
import { AUDIENCE_WORDS, KIND_LABELS, TYPE_WORDS } from "@/components/channels/channel-words";
import { ChoiceField, Field, TickField } from "@/components/ui/field";
import { ALERT_KINDS, AUDIENCES } from "@/lib/alerts/alert";

export interface ChannelFieldsProps {
  draft: ChannelDraft;
  faults: Partial<Record<ChannelField, string>>;
  /** False: its address and secrets stay as they are where nothing is typed. */
  isNew: boolean;
  onChange: (change: Partial<ChannelDraft>) => void;
}

const AUDIENCE_OPTIONS = AUDIENCES.map((value) => ({ value, label: AUDIENCE_WORDS[value].label }));

/** Its name, and where it leads. */
export function WhereFields({ draft, faults, isNew, onChange }: ChannelFieldsProps) {
  const kept = isNew ? "" : " Empty: it stays as it is; it is kept encrypted and never shown.";
  return (
    <>
      <Field
        label="Name"
        required
        maxLength={100}
        placeholder={PLACEHOLDERS[draft.type]}
        fault={faults.name}
        value={draft.name}
        onChange={({ target }) => onChange({ name: target.value })}
      />
      {(draft.type === "webhook" || draft.type === "slack") && (
        <Field
          label={draft.type === "slack" ? "Incoming webhook of Slack" : "Address"}
          type="url"
          spellCheck={false}
          placeholder={draft.type === "slack" ? "https://hooks.slack.com/services/…" : "https://…"}
          hint={`${draft.type === "slack" ? "Slack: Apps, Incoming Webhooks, Add to Slack." : "Only public addresses are reached, and no redirect is followed."}${kept}`}
          fault={faults.url}
          value={draft.url}
          onChange={({ target }) => onChange({ url: target.value })}
        />
      )}
      {draft.type === "email" && (
        <Field
          label="To"
          spellCheck={false}
          placeholder="finance@example.com"
          hint="Several with commas between. Mail goes out by the server's SMTP_URL."
          fault={faults.to}
          value={draft.to}
          onChange={({ target }) => onChange({ to: target.value })}
        />
      )}
      {draft.type === "pagerduty" && (
        <Field
          label="Integration key"
          spellCheck={false}
          hint={`PagerDuty: the service, Integrations, Events API v2.${kept}`}
          fault={faults.routingKey}
          value={draft.routingKey}
          onChange={({ target }) => onChange({ routingKey: target.value })}
        />
      )}
      {draft.type === "webhook" && !isNew && (
        <TickField
          label="Make a new signing secret"
          hint="The old one signs nothing any more from the next notice on: the receiver refuses them until it knows the new one."
          checked={draft.hasNewSecret}
          onCheckedChange={(checked) => onChange({ hasNewSecret: checked === true })}
        />
      )}
    </>
  );
}

const PLACEHOLDERS: Readonly<Record<ChannelDraft["type"], string>> = {
  webhook: "Incident bot",
  slack: "#agents-cost",
  email: "Finance",
  pagerduty: "On call",
};

/** Whose notices it gets. */
export function AudienceField({ draft, onChange }: Pick<ChannelFieldsProps, "draft" | "onChange">) {
  return (
    <div className="flex flex-col gap-1.5">
      <ChoiceField
        label="It speaks to"
        value={draft.audience}
        options={AUDIENCE_OPTIONS}
        onChoose={(audience) => onChange({ audience })}
      />
      <p className="text-[13px] text-ink-muted">
        {AUDIENCE_WORDS[draft.audience].label}: {AUDIENCE_WORDS[draft.audience].meaning}.
      </p>
    </div>
  );
}

/** Which of these notices alone: nothing chosen is all of them. */
export function MatchFields({ draft, onChange }: Pick<ChannelFieldsProps, "draft" | "onChange">) {
  return (
    <details className="rounded-control border border-line">
      <summary className="cursor-pointer px-3 py-2 font-medium text-[13px]">
        Only some notices
      </summary>
      <div className="flex flex-col gap-4 border-line border-t p-3">
        <fieldset>
          <legend className="mb-2 font-medium text-[13px]">
            Only of these kinds; none ticked is all
          </legend>
          <div className="grid gap-3 sm:grid-cols-2">
            {ALERT_KINDS.map((kind) => (
              <TickField
                key={kind}
                label={KIND_LABELS[kind]}
                checked={draft.kinds.includes(kind)}
                onCheckedChange={(checked) =>
                  onChange({
                    kinds: ALERT_KINDS.filter((one) =>
                      one === kind ? checked === true : draft.kinds.includes(one),
                    ),
                  })
                }
              />
            ))}
          </div>
        </fieldset>
        {draft.project === null && (
          <Field
            label="Only of these projects"
            hint="Their short names, with commas between."
            spellCheck={false}
            value={draft.projects}
            onChange={({ target }) => onChange({ projects: target.value })}
          />
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Only of these agents"
            hint="With commas between."
            spellCheck={false}
            value={draft.agents}
            onChange={({ target }) => onChange({ agents: target.value })}
          />
          <Field
            label="Only of these features"
            hint="With commas between."
            spellCheck={false}
            value={draft.features}
            onChange={({ target }) => onChange({ features: target.value })}
          />
        </div>
      </div>
    </details>
  );
}

/** `Slack: posts to a Slack channel by its incoming webhook.` */
export function TypeNote({ type }: Pick<ChannelDraft, "type">) {
  return <p className="text-[13px] text-ink-muted">{TYPE_WORDS[type].meaning}</p>;
}
