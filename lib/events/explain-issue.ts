import type { z } from "zod";
import type { FieldError } from "@/lib/errors";
import { eventSchema } from "@/lib/events/event-schema";
import { nearestName } from "@/lib/events/nearest-name";

type Issue = z.core.$ZodIssue;

/**
 * What zod found, in our words: the path as a person writes it, and what is expected there.
 * @param event the value that was checked, to say what stands there instead.
 * @param schema what it was checked by, for the names that are near a misspelt one.
 */
export function explainIssue(
  issue: Issue,
  event: unknown,
  schema: z.ZodType = eventSchema,
): FieldError[] {
  const path = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") {
    return [{ path, message: explain(issue, valueAt(event, issue.path)) }];
  }
  return issue.keys.map((key) => {
    const known = nearestName(key, siblingNames(schema, path));
    const hint = known ? `; did you mean ${known}?` : "";
    return { path: path ? `${path}.${key}` : key, message: `is not a known field${hint}` };
  });
}

function explain(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return value === undefined
        ? "is required"
        : `must be ${noun(issue.expected)}, not ${nounOf(value)}`;
    case "invalid_value":
      return `must be one of ${issue.values.join(", ")}`;
    case "too_small":
      return `must be at least ${issue.minimum}`;
    case "too_big":
      return issue.origin === "array"
        ? `must have at most ${issue.maximum} items`
        : `must be at most ${issue.maximum}`;
    case "invalid_format":
      return "must be a plain non-negative decimal such as 0.0045";
    case "invalid_union":
      return "must be a non-negative number or a plain decimal string";
    default:
      return "is not valid";
  }
}

function valueAt(event: unknown, path: readonly PropertyKey[]): unknown {
  let value = event;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

const NOUNS: Record<string, string> = {
  int: "an integer",
  number: "a number",
  string: "a string",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};

function noun(expected: string): string {
  return NOUNS[expected] ?? expected;
}

function nounOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (value === Number.POSITIVE_INFINITY) return "a number past all bounds";
  if (typeof value === "number") return Number.isInteger(value) ? "a number" : "a fraction";
  return NOUNS[typeof value] ?? typeof value;
}

/** Names that stand where the unknown one was found. */
function siblingNames(root: z.ZodType, parentPath: string): string[] {
  let schema: unknown = root;
  for (const key of parentPath ? parentPath.split(".") : []) {
    schema = unwrap(shapeOf(schema)?.[key]);
  }
  return Object.keys(shapeOf(schema) ?? {});
}

function shapeOf(schema: unknown): Record<string, unknown> | null {
  if (typeof schema !== "object" || schema === null || !("shape" in schema)) return null;
  return schema.shape as Record<string, unknown>;
}

/** Optional and nullable wrap the object that has the shape. */
function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (
    typeof inner === "object" &&
    inner !== null &&
    "unwrap" in inner &&
    typeof inner.unwrap === "function"
  ) {
    inner = inner.unwrap();
  }
  return inner;
}
