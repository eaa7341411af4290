"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import type { FieldsProps } from "@/components/budgets/budget-fields";
import { stageChannelsQuery } from "@/components/budgets/budget-requests";
import {
  nextStageDraft,
  type StageDraft,
  sayFirstAction,
  sayStages,
  stageFault,
  templateDrafts,
} from "@/components/budgets/stages-draft";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useMay } from "@/components/layout/use-may";
import { Button } from "@/components/ui/button";
import { ChoiceField, Field, TickField } from "@/components/ui/field";
import { AUDIENCES } from "@/lib/alerts/alert";
import type { BudgetMode } from "@/lib/budgets/budget";

const AUDIENCE_LABELS = { lead: "Lead", finance: "Finance", engineering: "Engineering" } as const;

const ACTIONS = [
  { value: "none", label: "Tells only" },
  { value: "block", label: "Refuse calls" },
  { value: "throttle", label: "Let so many a minute through" },
  { value: "reroute", label: "Move to a cheaper model" },
  { value: "lockout", label: "Lock it until somebody unlocks it" },
] as const;

type Props = Pick<FieldsProps, "draft" | "onChange">;

/** Whom a budget tells at which part of its limit, and what that does to calls. */
export function StageFields({ draft, onChange }: Props) {
  const { stages, mode } = draft;
  const change = (next: readonly StageDraft[]) => onChange({ stages: next });
  // A row is its place: its percentage is typed, and may be there twice for a moment.
  const rows = stages.map((stage, index) => ({ stage, place: index + 1 }));
  const past = sayFirstAction(stages, mode);
  return (
    <details className="rounded-control border border-line">
      <summary className="cursor-pointer px-3 py-2 text-[13px]">
        <span className="font-medium">Stages: </span>
        {sayStages(stages)}
      </summary>
      <div className="flex flex-col gap-3 border-line border-t p-3">
        {rows.map(({ stage, place }) => (
          <StageRow
            key={place}
            place={place}
            stage={stage}
            fault={stageFault(stage, stages, mode)}
            mode={mode}
            project={draft.project}
            onChange={(part) =>
              change(stages.map((one) => (one === stage ? { ...one, ...part } : one)))
            }
            onRemove={() => change(stages.filter((one) => one !== stage))}
          />
        ))}
        {past !== null && <p className="text-[13px] text-caution">{past}</p>}
        <div className="flex flex-wrap gap-2">
          <Button size="small" onClick={() => change([...stages, nextStageDraft(stages)])}>
            <Plus aria-hidden="true" />
            Add a stage
          </Button>
          <Button size="small" onClick={() => change(templateDrafts(mode))}>
            Usual: 70 % lead, 100 % finance and engineering, 120 % everybody
            {mode === "observe" ? "" : " and lockout"}
          </Button>
        </div>
      </div>
    </details>
  );
}

interface StageRowProps {
  place: number;
  stage: StageDraft;
  fault: string | null;
  mode: BudgetMode;
  /** Slug; null: the whole installation. */
  project: string | null;
  onChange: (part: Partial<StageDraft>) => void;
  onRemove: () => void;
}

function StageRow({ place, stage, fault, mode, project, onChange, onRemove }: StageRowProps) {
  const offered = mode === "observe" ? ACTIONS.slice(0, 1) : ACTIONS;
  return (
    <fieldset className="flex flex-col gap-3 rounded-control border border-line p-3">
      <legend className="sr-only">Stage {place}</legend>
      <div className="grid items-end gap-3 sm:grid-cols-[8rem_minmax(0,1fr)_auto]">
        <Field
          label="At, percent"
          inputMode="decimal"
          value={stage.percent}
          onChange={({ target }) => onChange({ percent: target.value })}
        />
        <ChoiceField
          label="What it does"
          value={stage.action}
          options={offered}
          onChoose={(action) => onChange({ action })}
        />
        <Button
          size="icon"
          variant="ghost"
          aria-label={`Remove the stage at ${stage.percent} %`}
          onClick={onRemove}
        >
          <Trash2 aria-hidden="true" />
        </Button>
      </div>
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        {AUDIENCES.map((one) => (
          <TickField
            key={one}
            label={AUDIENCE_LABELS[one]}
            checked={stage.audience.includes(one)}
            onCheckedChange={(checked) =>
              onChange({
                audience: AUDIENCES.filter((name) =>
                  name === one ? checked === true : stage.audience.includes(name),
                ),
              })
            }
          />
        ))}
      </div>
      <StageChannels stage={stage} project={project} onChange={onChange} />
      {fault !== null && (
        <p role="status" className="text-[13px] text-danger">
          {fault}
        </p>
      )}
    </fieldset>
  );
}

/** Channels by name, in place of all those of the audience; nothing for who may not see them. */
function StageChannels({
  stage,
  project,
  onChange,
}: Pick<StageRowProps, "stage" | "project" | "onChange">) {
  const mayRead = useMay()("channels.read", project);
  const query = useQuery({
    ...stageChannelsQuery(project ?? ALL_PROJECTS),
    enabled: mayRead,
  });
  const channels = (query.data?.channels ?? []).filter(({ archived_at }) => archived_at === null);
  if (channels.length === 0) return null;
  return (
    <details>
      <summary className="cursor-pointer text-[13px]">
        {stage.notify.length === 0
          ? "All their channels"
          : `Only ${stage.notify.length} of the channels`}
      </summary>
      <div className="mt-2 flex flex-wrap gap-x-5 gap-y-2">
        {channels.map(({ id, name }) => (
          <TickField
            key={id}
            label={name}
            checked={stage.notify.includes(id)}
            onCheckedChange={(checked) =>
              onChange({
                notify:
                  checked === true
                    ? [...stage.notify, id]
                    : stage.notify.filter((one) => one !== id),
              })
            }
          />
        ))}
      </div>
    </details>
  );
}
