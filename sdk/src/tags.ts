import { cleanMetadata, cleanText } from "./clean-text.ts";
import type { PolicyTags } from "./policy/policy.ts";
import type { Tags } from "./types.ts";

/** The tags of what was given, over those around it. */
export function mergeTags(given: Tags, around: Tags): Tags {
  const tag = (name: Exclude<keyof Tags, "metadata">): string | undefined => {
    const value = given[name];
    return value === undefined ? around[name] : (cleanText(value) ?? around[name]);
  };
  return {
    agent: tag("agent"),
    task: tag("task"),
    task_type: tag("task_type"),
    feature: tag("feature"),
    user: tag("user"),
    session: tag("session"),
    metadata: given.metadata
      ? cleanMetadata({ ...around.metadata, ...given.metadata })
      : around.metadata,
  };
}

/** Tags by the names of the policy. */
export function toPolicyTags(tags: Tags, traceId: string, model: string): PolicyTags {
  return {
    agent: tags.agent ?? "",
    task: tags.task ?? "",
    task_type: tags.task_type ?? "",
    feature: tags.feature ?? "",
    user: tags.user ?? "",
    session: tags.session ?? "",
    trace_id: traceId,
    model,
  };
}
