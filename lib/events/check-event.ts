import type { FieldError } from "@/lib/errors";
import { checkFields } from "@/lib/events/check-fields";
import { checkTimestamp } from "@/lib/events/check-timestamp";
import { checkUsd } from "@/lib/events/check-usd";
import type { EventShape } from "@/lib/events/event-schema";
import { isPlainEvent } from "@/lib/events/is-plain-event";
import { readUsage } from "@/lib/events/read-usage";
import type { FemtoUsd } from "@/lib/money";
import type { Usage } from "@/lib/usage/usage";

/** A valid event with what checking it computed: instants in microseconds, money in femto-dollars. */
export interface CheckedEvent {
  /** As the caller sent it; absent and null both mean "not sent". */
  fields: EventShape;
  /** Start of the step; null where it was not sent. */
  timestampUs: number | null;
  reportedCostFemtoUsd: FemtoUsd | null;
  /** Null where no count was sent: unknown, never 0. */
  usage: Usage | null;
  /** JSON text of `{api, body}` word for word; null where it was not sent. */
  rawUsageText: string | null;
  /** The event's own tier and region, else those of its raw usage. */
  serviceTier: string | null;
  inferenceGeo: string | null;
}

export type CheckResult = { ok: true; event: CheckedEvent } | { ok: false; errors: FieldError[] };

/** Enough to mend an event; a bound, because ten thousand events may have forty faults each. */
const MAX_ERRORS = 16;

/**
 * Checks one event against the contract: types, bounds, and the rules between fields.
 * @param nowMs the server's clock, for the newest timestamp.
 * @returns the event, or every fault with its path (`usage.input_tokens`, `metadata.team`), at most 16.
 */
export function checkEvent(value: unknown, nowMs: number): CheckResult {
  const { isShaped, errors } = isPlainEvent(value)
    ? { isShaped: true, errors: [] }
    : checkFields(value);
  if (!isShaped) return { ok: false, errors: errors.slice(0, MAX_ERRORS) };
  // The value itself, not zod's copy: `raw_usage.body` is kept word for word, in its own key order.
  const fields = value as EventShape;
  checkBetweenFields(fields, errors);
  const event: CheckedEvent = {
    fields,
    timestampUs: readTimestamp(fields, nowMs, errors),
    reportedCostFemtoUsd: readReportedCost(fields, errors),
    ...readUsage(fields, errors),
  };
  return errors.length ? { ok: false, errors: errors.slice(0, MAX_ERRORS) } : { ok: true, event };
}

function checkBetweenFields(fields: EventShape, errors: FieldError[]): void {
  if ((fields.type ?? "llm") === "llm" && !fields.model) {
    errors.push({ path: "model", message: "is required for an event of type llm" });
  }
  if (fields.id === "") errors.push({ path: "id", message: "must not be empty" });
  if (fields.usage && fields.raw_usage) {
    errors.push({ path: "raw_usage", message: "replaces usage: send one of them" });
  }
}

function readTimestamp(fields: EventShape, nowMs: number, errors: FieldError[]): number | null {
  if (fields.timestamp === undefined || fields.timestamp === null) {
    if (fields.id) errors.push({ path: "timestamp", message: "is required with an id" });
    return null;
  }
  return checkTimestamp(fields.timestamp, nowMs, errors);
}

function readReportedCost(fields: EventShape, errors: FieldError[]): FemtoUsd | null {
  const reported = checkUsd(fields.reported_cost_usd, "reported_cost_usd", errors);
  const alias = checkUsd(fields.cost_usd, "cost_usd", errors);
  if (reported !== null && alias !== null && reported !== alias) {
    const message = "is the same as reported_cost_usd, and the two differ";
    errors.push({ path: "cost_usd", message });
  }
  return reported ?? alias;
}
