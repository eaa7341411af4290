import { cleanMetadata, cleanText } from "./clean-text.ts";
import type { PolicyTags } from "./policy/policy.ts";
import type { Tags } from "./types.ts";

/** The tags of what was given, over those around it. */
export function mergeTags(given: Tags, around: Tags): Tags {
  return {
    agent: cleanText(given.agent) ?? around.agent,
    task: cleanText(given.task) ?? around.task,
    task_type: cleanText(given.task_type) ?? around.task_type,
    feature: cleanText(given.feature) ?? around.feature,
    user: cleanText(given.user) ?? around.user,
    session: cleanText(given.session) ?? around.session,
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
