"use client";

import { FlaskConical, MessageSquareText, Pencil, Tags, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useMay } from "@/components/layout/use-may";
import { describeRetention } from "@/components/projects/describe-retention";
import type { ProjectCalls } from "@/components/projects/project-requests";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { formatCostSum, formatExactUsd, formatQuantity, UNKNOWN } from "@/lib/format";
import type { ProjectAnswer } from "@/lib/projects/project-schemas";

// Nobody needs a dialog at first sight: it comes when it is asked for.
const DeleteDemoDialog = dynamic(
  () =>
    import("@/components/projects/delete-demo-dialog").then((module) => module.DeleteDemoDialog),
  {
    ssr: false,
  },
);
const EditProjectDialog = dynamic(
  () =>
    import("@/components/projects/edit-project-dialog").then((module) => module.EditProjectDialog),
  {
    ssr: false,
  },
);

const ContentDialog = dynamic(
  () => import("@/components/projects/content-dialog").then((module) => module.ContentDialog),
  {
    ssr: false,
  },
);

const MappingDialog = dynamic(
  () => import("@/components/projects/mapping-dialog").then((module) => module.MappingDialog),
  {
    ssr: false,
  },
);

interface ProjectItemProps {
  project: ProjectAnswer;
  /** Null: nothing came, or (unless `isCounted`) it is not known. */
  calls: ProjectCalls | null;
  isCounted: boolean;
}

/** One project with its rules in words, and what may be done to it. */
export function ProjectItem({ project, calls, isCounted }: ProjectItemProps) {
  const may = useMay();
  const [open, setOpen] = useState<"edit" | "content" | "mapping" | "remove" | null>(null);
  const dialog = (name: typeof open) => ({
    isOpen: open === name,
    onOpenChange: (isOpen: boolean) => setOpen(isOpen ? name : null),
  });
  const tags = project.required_tags.join(", ");
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-line border-t p-4 first:border-t-0">
      <div className="flex min-w-0 flex-col gap-1">
        <h2 className="flex flex-wrap items-center gap-2 font-medium text-sm">
          <span className="break-words">{project.name}</span>
          <code className="font-mono font-normal text-ink-muted text-xs">{project.slug}</code>
          {project.is_demo && (
            <Badge variant="accent">
              <FlaskConical aria-hidden="true" />
              Demo
            </Badge>
          )}
        </h2>
        <Received calls={calls} isCounted={isCounted} />
        <p className="text-[13px] text-ink-muted">
          {describeRetention(project.retention_days)}
          {project.sealed_before &&
            ` (those before ${project.sealed_before.slice(0, 10)} are sums only)`}
          {" · "}
          {project.trusts_reported_cost
            ? "cost as the sender reports it, where it does"
            : "cost by the price book"}
          {tags && ` · requires ${tags}`}
          {" · "}
          {project.keeps_content
            ? `prompts kept for ${formatQuantity(project.content_retention_days, "day")}`
            : "no prompts kept"}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {may("projects.write", project.slug) && (
          <Button
            size="small"
            aria-label={`Change ${project.name}`}
            onClick={() => setOpen("edit")}
          >
            <Pencil aria-hidden="true" />
            Change
          </Button>
        )}
        {may("projects.write", project.slug) && (
          <Button
            size="small"
            aria-label={`Prompts and answers of ${project.name}`}
            onClick={() => setOpen("content")}
          >
            <MessageSquareText aria-hidden="true" />
            Prompts
          </Button>
        )}
        {may("projects.write", project.slug) && (
          <Button
            size="small"
            aria-label={`Tags from the spans of ${project.name}`}
            onClick={() => setOpen("mapping")}
          >
            <Tags aria-hidden="true" />
            Tags
          </Button>
        )}
        {project.is_demo && may("projects.create", null) && (
          <Button size="small" onClick={() => setOpen("remove")}>
            <Trash2 aria-hidden="true" />
            Remove the demo
          </Button>
        )}
      </div>
      {open === "edit" && <EditProjectDialog project={project} {...dialog("edit")} />}
      {open === "content" && <ContentDialog project={project} {...dialog("content")} />}
      {open === "mapping" && <MappingDialog project={project} {...dialog("mapping")} />}
      {open === "remove" && <DeleteDemoDialog project={project} {...dialog("remove")} />}
    </li>
  );
}

function Received({ calls, isCounted }: Pick<ProjectItemProps, "calls" | "isCounted">) {
  if (!isCounted) {
    return <p className="text-[13px] text-ink-muted">Received so far: {UNKNOWN}</p>;
  }
  if (!calls) return <p className="text-[13px] text-ink-muted">No data received</p>;
  return (
    <p className="tabular text-[13px]" title={formatExactUsd(calls.cost_usd)}>
      {formatQuantity(calls.calls, "call")} so far, {formatCostSum(calls.cost_usd)}
      {calls.unpriced_calls > 0 && ` and ${formatQuantity(calls.unpriced_calls, "event")} unpriced`}
    </p>
  );
}
