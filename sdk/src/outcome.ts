import { cleanText } from "./clean-text.ts";
import type { Tags } from "./types.ts";

/** How a task ended. What is left out is the run's. */
export interface Outcome {
  /** Sent again with the same id it is the same outcome. */
  id?: string;
  task?: string;
  task_type?: string;
  session?: string;
  feature?: string;
  status: "success" | "failure";
  /** What it was worth in US dollars, a decimal string. */
  value_usd?: string;
  /** RFC 3339; now, where it is left out. */
  timestamp?: string;
}

/** An outcome as `POST /v1/outcomes` takes it. @param id for one that names none */
export function toOutcomeFields(outcome: Outcome, tags: Tags, id: string): Record<string, unknown> {
  return {
    id: cleanText(outcome.id, 128) ?? id,
    task: cleanText(outcome.task) ?? tags.task,
    task_type: cleanText(outcome.task_type) ?? tags.task_type,
    session: cleanText(outcome.session) ?? tags.session,
    feature: cleanText(outcome.feature) ?? tags.feature,
    status: outcome.status,
    value_usd: outcome.value_usd,
    timestamp: outcome.timestamp ?? new Date().toISOString(),
  };
}
