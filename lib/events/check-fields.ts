import type { FieldError } from "@/lib/errors";
import { checkText } from "@/lib/events/check-text";
import { EVENT_LIMITS, TEXT_FIELDS, type TextField } from "@/lib/events/event-fields";
import { type EventShape, eventSchema } from "@/lib/events/event-schema";
import { explainIssue } from "@/lib/events/explain-issue";
import { isDeep } from "@/lib/events/json-depth";

const TEXT_NAMES = Object.keys(TEXT_FIELDS) as TextField[];

/**
 * Checks each field of an event by itself: its type and bounds, its characters, the depth of what is in it.
 * @returns `isShaped` false where the value cannot be read as an event; then nothing but the shape's faults is told.
 */
export function checkFields(value: unknown): { isShaped: boolean; errors: FieldError[] } {
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) {
    const errors = parsed.error.issues.flatMap((issue) => explainIssue(issue, value));
    return { isShaped: false, errors };
  }
  const fields = value as EventShape;
  const errors: FieldError[] = [];
  checkTexts(fields, errors);
  checkMaps(fields, errors);
  if (fields.content && isDeep(fields.content, EVENT_LIMITS.depth)) {
    const message = `must be nested at most ${EVENT_LIMITS.depth} levels deep`;
    errors.push({ path: "content", message });
  }
  return { isShaped: true, errors };
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
