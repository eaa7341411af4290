import type { TagMapping } from "@/lib/traces/tag-mapping";
import type { TagMappingAnswer } from "@/lib/traces/tag-mapping-schema";

/** Rules as they are stored and applied. */
export function toTagMapping(rules: TagMappingAnswer): TagMapping {
  return rules.map(({ tag, ...rule }) => ({
    ...rule,
    tag: tag === "task_type" ? "taskType" : tag,
  }));
}

/** Stored rules as they are answered. */
export function toTagMappingAnswer(mapping: TagMapping): TagMappingAnswer {
  return mapping.map(({ tag, ...rule }) => ({
    ...rule,
    tag: tag === "taskType" ? "task_type" : tag,
  }));
}
