import type { FieldError } from "@/lib/errors";
import { checkText } from "@/lib/events/check-text";
import { EVENT_LIMITS, TEXT_FIELDS, type TextField } from "@/lib/events/event-fields";
import { type EventShape, eventSchema } from "@/lib/events/event-schema";
import { explainIssue } from "@/lib/events/explain-issue";
import { isDeep } from "@/lib/events/json-depth";
import { parseTimestamp } from "@/lib/events/parse-timestamp";
import { readUsage } from "@/lib/events/read-usage";
import { type FemtoUsd, parseUsd } from "@/lib/money";
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

const TEXT_NAMES = Object.keys(TEXT_FIELDS) as TextField[];

/**
 * Checks one event against the contract: types, bounds, and the rules between fields.
 * @param nowMs the server's clock, for the newest timestamp.
 * @returns the event, or every fault with its path (`usage.input_tokens`, `metadata.team`), at most 16.
 */
export function checkEvent(value: unknown, nowMs: number): CheckResult {
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) {
    const errors = parsed.error.issues.flatMap((issue) => explainIssue(issue, value));
    return { ok: false, errors: errors.slice(0, MAX_ERRORS) };
  }
  // The value itself, not zod's copy: `raw_usage.body` is kept word for word, in its own key order.
  const fields = value as EventShape;
  const errors: FieldError[] = [];
  checkTexts(fields, errors);
  checkMaps(fields, errors);
  if (fields.content && isDeep(fields.content, EVENT_LIMITS.depth)) {
    const message = `must be nested at most ${EVENT_LIMITS.depth} levels deep`;
    errors.push({ path: "content", message });
  }
  checkBetweenFields(fields, errors);
  const event: CheckedEvent = {
    fields,
    timestampUs: readTimestamp(fields, nowMs, errors),
    reportedCostFemtoUsd: readReportedCost(fields, errors),
    ...readUsage(fields, errors),
  };
  return errors.length ? { ok: false, errors: errors.slice(0, MAX_ERRORS) } : { ok: true, event };
}

function checkTexts(fields: EventShape, errors: FieldError[]): void {
  for (const name of TEXT_NAMES) {
    const text = fields[name];
    if (!text) continue;
    const message = checkText(text, TEXT_FIELDS[name][0]);
    if (message) errors.push({ path: name, message });
  }
  if (fields.routing) {
    for (const [name, text] of Object.entries(fields.routing)) {
      const message = text ? checkText(text, 256) : null;
      if (message) errors.push({ path: `routing.${name}`, message });
    }
  }
  fields.prefix_hashes?.forEach((hash, i) => {
    const message = checkText(hash, EVENT_LIMITS.prefixHashLength);
    if (message) errors.push({ path: `prefix_hashes.${i}`, message });
  });
}

function checkMaps(fields: EventShape, errors: FieldError[]): void {
  if (fields.metadata) checkMetadata(fields.metadata, errors);
  const units = fields.usage?.units;
  if (!units) return;
  const names = Object.keys(units);
  if (names.length > EVENT_LIMITS.unitNames) {
    errors.push({
      path: "usage.units",
      message: `must have at most ${EVENT_LIMITS.unitNames} names`,
    });
    return;
  }
  for (const name of names) {
    const message = checkKey(name, EVENT_LIMITS.unitNameLength);
    if (message) errors.push({ path: `usage.units.${name}`, message });
  }
}

function checkMetadata(metadata: Record<string, string>, errors: FieldError[]): void {
  const keys = Object.keys(metadata);
  if (keys.length > EVENT_LIMITS.metadataPairs) {
    const message = `must have at most ${EVENT_LIMITS.metadataPairs} pairs, not ${keys.length}`;
    errors.push({ path: "metadata", message });
    return;
  }
  for (const key of keys) {
    const message =
      checkKey(key, EVENT_LIMITS.metadataKeyLength) ??
      checkText(metadata[key] ?? "", EVENT_LIMITS.metadataValueLength, true);
    if (message) errors.push({ path: `metadata.${key}`, message });
  }
}

/** zod skips a key named `__proto__`, and readers of such a map lose it: told, not lost. */
function checkKey(key: string, maxLength: number): string | null {
  if (key === "__proto__") return "is not allowed as a name";
  if (key === "") return "must have a name";
  const message = checkText(key, maxLength);
  return message ? `as a name ${message}` : null;
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
  const timestampUs = parseTimestamp(fields.timestamp);
  if (timestampUs === null) {
    const message = "must be an RFC 3339 date-time with an offset such as 2026-11-21T10:00:00Z";
    errors.push({ path: "timestamp", message });
  } else if (timestampUs < EVENT_LIMITS.earliestUs) {
    errors.push({ path: "timestamp", message: "must not be before 2020-01-01T00:00:00Z" });
  } else if (timestampUs > nowMs * 1000 + EVENT_LIMITS.aheadUs) {
    errors.push({ path: "timestamp", message: "must be at most 24 hours ahead" });
  }
  return timestampUs;
}

function readReportedCost(fields: EventShape, errors: FieldError[]): FemtoUsd | null {
  const reported = readUsd(fields.reported_cost_usd, "reported_cost_usd", errors);
  const alias = readUsd(fields.cost_usd, "cost_usd", errors);
  if (reported !== null && alias !== null && reported !== alias) {
    const message = "is the same as reported_cost_usd, and the two differ";
    errors.push({ path: "cost_usd", message });
  }
  return reported ?? alias;
}

function readUsd(
  text: string | null | undefined,
  path: string,
  errors: FieldError[],
): FemtoUsd | null {
  if (text === null || text === undefined) return null;
  const femtoUsd = parseUsd(text);
  if (femtoUsd === null || femtoUsd > EVENT_LIMITS.reportedCostFemtoUsd) {
    errors.push({
      path,
      message: "must have at most 16 digits before the point and 15 after it",
    });
  }
  return femtoUsd;
}
