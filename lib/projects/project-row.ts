import type { ProjectRow } from "@/db/queries/projects";
import { ATTRIBUTION_TAGS } from "@/lib/projects/attribution-tags";
import type { ProjectAnswer } from "@/lib/projects/project-schemas";
import { toTagMappingAnswer } from "@/lib/traces/to-tag-mapping";

/** A stored project as it is answered. */
export function toProjectAnswer(row: ProjectRow): ProjectAnswer {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    is_demo: row.isDemo,
    trusts_reported_cost: row.trustsReportedCost,
    required_tags: ATTRIBUTION_TAGS.filter((tag) => row.requiredTags.includes(tag)),
    fail_mode: row.failMode,
    retention_days: row.retentionDays,
    keeps_content: row.keepsContent,
    content_retention_days: row.contentRetentionDays,
    redaction_patterns: row.redactionPatterns,
    tag_mapping: toTagMappingAnswer(row.tagMapping),
    sealed_before: row.sealedBefore?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
  };
}
