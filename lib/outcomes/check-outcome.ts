import type { SentOutcome } from "@/db/queries/outcomes";
import { formatInstant } from "@/lib/calendar/format-instant";
import type { FieldError } from "@/lib/errors";
import { checkText } from "@/lib/events/check-text";
import { checkTimestamp } from "@/lib/events/check-timestamp";
import { checkUsd } from "@/lib/events/check-usd";
import { TEXT_FIELDS } from "@/lib/events/event-fields";
import { explainIssue } from "@/lib/events/explain-issue";
import { formatUsd } from "@/lib/money";
import { OUTCOME_TEXTS, outcomeSchema } from "@/lib/outcomes/outcome-schemas";

/** Enough to mend one; a bound, because ten thousand may have many faults each. */
const MAX_ERRORS = 16;

/**
 * Checks one outcome: types, bounds, characters. An empty optional text is one that was not sent.
 * @param nowMs the server's clock, for the newest timestamp
 * @returns the outcome as it is stored, or its faults with their paths, at most 16
 */
export function checkOutcome(value: unknown, nowMs: number): SentOutcome | FieldError[] {
  const parsed = outcomeSchema.safeParse(value);
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap((issue) =>
      explainIssue(issue, value, outcomeSchema),
    );
    return faults.slice(0, MAX_ERRORS);
  }
  const sent = parsed.data;
  const errors: FieldError[] = [];
  for (const name of OUTCOME_TEXTS) {
    const text = sent[name];
    const isEmpty = text === "" && (name === "id" || name === "task");
    const message = isEmpty ? "must not be empty" : checkText(text ?? "", TEXT_FIELDS[name][0]);
    if (message) errors.push({ path: name, message });
  }
  const timestampUs = checkTimestamp(sent.timestamp, nowMs, errors);
  const valueFemto = checkUsd(sent.value_usd, "value_usd", errors);
  if (errors.length > 0 || timestampUs === null) return errors.slice(0, MAX_ERRORS);
  return {
    id: sent.id,
    task: sent.task,
    taskType: sent.task_type || null,
    session: sent.session || null,
    feature: sent.feature || null,
    status: sent.status,
    valueUsd: valueFemto === null ? null : formatUsd(valueFemto),
    timestamp: formatInstant(timestampUs, "UTC"),
  };
}
