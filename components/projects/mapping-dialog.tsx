"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { MappingPreview } from "@/components/projects/mapping-preview";
import { updateProject } from "@/components/projects/project-requests";
import { FormDialog } from "@/components/states/form-dialog";
import { Button } from "@/components/ui/button";
import { TickField } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { ProjectAnswer } from "@/lib/projects/project-schemas";

interface MappingDialogProps {
  project: ProjectAnswer;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

type Rule = ProjectAnswer["tag_mapping"][number];
const TAGS = ["agent", "task", "task_type", "feature", "user", "session"] as const;
const NEW_RULE: Rule = { tag: "feature", from: "resource", attribute: "", override: false };
const SELECT =
  "h-8.5 w-full min-w-0 rounded-control border border-control bg-page px-2 text-ink text-sm";

/** Which attributes of a project's spans name its tags. */
export function MappingDialog({ project, ...dialog }: MappingDialogProps) {
  const queries = useQueryClient();
  const id = useId();
  const listIds = { resource: `${id}-resource`, span: `${id}-span` };
  const [rules, setRules] = useState<Rule[]>(project.tag_mapping);
  const change = (index: number, part: Partial<Rule>) =>
    setRules(rules.map((rule, i) => (i === index ? { ...rule, ...part } : rule)));
  return (
    <FormDialog
      {...dialog}
      title={`Tags from the spans of ${project.name}`}
      description="Which OpenTelemetry attribute names a tag, such as feature from service.name. The first rule that finds a value counts, for spans received from then on."
      submitLabel="Save"
      busyLabel="Saving…"
      isWide
      canSubmit={rules.every(({ attribute }) => attribute.trim() !== "")}
      onSubmit={async () => {
        await updateProject(project.id, { tag_mapping: rules });
        await queries.invalidateQueries({ queryKey: ["projects"] });
      }}
    >
      {rules.map((rule, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name of its own
        <div key={index} className="flex flex-col gap-2 border-line border-b pb-3">
          <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] gap-2">
            <select
              aria-label={`Tag of rule ${index + 1}`}
              className={SELECT}
              value={rule.tag}
              onChange={({ target }) =>
                change(index, { tag: TAGS.find((tag) => tag === target.value) ?? "feature" })
              }
            >
              {TAGS.map((tag) => (
                <option key={tag}>{tag}</option>
              ))}
            </select>
            <select
              aria-label={`Where rule ${index + 1} looks`}
              className={SELECT}
              value={rule.from}
              onChange={({ target }) =>
                change(index, { from: target.value === "span" ? "span" : "resource" })
              }
            >
              <option value="resource">from the resource</option>
              <option value="span">from the span</option>
            </select>
            <Button
              aria-label={`Remove rule ${index + 1}`}
              onClick={() => setRules(rules.filter((_, i) => i !== index))}
            >
              <X aria-hidden="true" />
            </Button>
          </div>
          <Input
            aria-label={`Attribute of rule ${index + 1}`}
            placeholder="service.name"
            spellCheck={false}
            list={listIds[rule.from]}
            className="font-mono"
            value={rule.attribute}
            onChange={({ target }) => change(index, { attribute: target.value })}
          />
          <TickField
            label="It wins over what the conventions say"
            checked={rule.override}
            onCheckedChange={(checked) => change(index, { override: checked === true })}
          />
        </div>
      ))}
      <Button size="small" className="self-start" onClick={() => setRules([...rules, NEW_RULE])}>
        <Plus aria-hidden="true" />
        Add a rule
      </Button>
      <MappingPreview projectId={project.id} rules={rules} listIds={listIds} />
    </FormDialog>
  );
}
