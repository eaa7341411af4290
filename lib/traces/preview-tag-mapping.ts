import { findProject } from "@/db/queries/projects";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { formatInstant } from "@/lib/calendar/format-instant";
import { OutlayError } from "@/lib/errors";
import type { SpanTags } from "@/lib/traces/span-facts";
import type { PreviewTags } from "@/lib/traces/tag-preview";
import type { TagPreviewAnswer, TagPreviewInput } from "@/lib/traces/tag-preview-schemas";
import { toTagMapping } from "@/lib/traces/to-tag-mapping";

/**
 * Shows what rules that are not saved yet would make of real spans, beside what they are given now.
 * @throws OutlayError `forbidden`, `not_found`
 */
export async function previewTagMapping(
  { actor, db }: Pick<ActionContext, "actor" | "db">,
  previewTags: PreviewTags,
  projectId: string,
  { tag_mapping: rules }: TagPreviewInput,
): Promise<TagPreviewAnswer> {
  requirePermission(actor, "projects.write", projectId);
  const project = await findProject(db, projectId);
  if (!project) throw new OutlayError("not_found", "There is no such project.");
  const preview = previewTags(projectId, {
    before: project.tagMapping,
    after: toTagMapping(rules),
  });
  return {
    attributes: preview.attributes,
    spans: preview.spans.map(({ startUs, before, after, ...span }) => ({
      ...span,
      started_at: formatInstant(startUs, "UTC"),
      before: toAnswer(before),
      after: toAnswer(after),
    })),
  };
}

function toAnswer({ taskType, ...tags }: SpanTags) {
  return { ...tags, task_type: taskType };
}
