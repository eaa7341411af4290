import type { OtlpFields } from "@/ingest/otlp/otlp-messages";
import type { OtlpAttributes, OtlpOrigin } from "@/ingest/otlp/otlp-records";
import { asFields, readText } from "@/ingest/otlp/read-field";
import { MAX_ENTRIES, readAttributes } from "@/ingest/otlp/read-value";
import type { FieldError } from "@/lib/errors";

/** Who wrote a group of records, and what is wrong with that: it is wrong of each of them. */
export interface SentOrigin extends OtlpOrigin {
  errors: readonly FieldError[];
}

interface BoundedAttributes {
  attributes: OtlpAttributes;
  errors: readonly FieldError[];
}

/** The attributes of a message, or the fault that they are too many. */
export function readBounded(fields: OtlpFields | null, path: string): BoundedAttributes {
  const list = fields?.attributes;
  const fault = checkLength(list, path);
  return { attributes: readAttributes(fault ? [] : list), errors: fault ? [fault] : [] };
}

/** Reads what all records of a scope have in common. @param resource of their group, read once for all its scopes */
export function readOrigin(resource: BoundedAttributes, scope: OtlpFields | null): SentOrigin {
  const own = readBounded(scope, "scope.attributes");
  return {
    resource: resource.attributes,
    scopeName: readText(scope?.name),
    scopeVersion: readText(scope?.version),
    scopeAttributes: own.attributes,
    errors: [...resource.errors, ...own.errors],
  };
}

/** Reads the resource of a group. */
export function readResource(group: OtlpFields): BoundedAttributes {
  return readBounded(asFields(group.resource), "resource.attributes");
}

/** The fault of a list that is longer than any real client's. */
export function checkLength(list: unknown, path: string): FieldError | null {
  if (!Array.isArray(list) || list.length <= MAX_ENTRIES) return null;
  const limit = MAX_ENTRIES.toLocaleString("en-US");
  return { path, message: `must have at most ${limit} entries, not ${list.length}` };
}
