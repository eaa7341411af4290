import { z } from "zod";
import { type FieldError, OutlayError } from "@/lib/errors";

/** People's endpoints take forms, not batches. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Query parameters by name; one that is repeated is a list. */
export type QueryValues = Record<string, string | string[]>;

/** Reads an address's parameters. */
export function readQuery(url: URL): QueryValues {
  const values: QueryValues = {};
  for (const name of new Set(url.searchParams.keys())) {
    const all = url.searchParams.getAll(name);
    values[name] = all.length === 1 ? (all[0] ?? "") : all;
  }
  return values;
}

/** A parameter that may be repeated, as a list: `filter.agent=a&filter.agent=b` means any of them. */
export const repeatable = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === "string" ? [value] : value));

/** @throws OutlayError `bad_request` naming each parameter that is unknown or wrong. */
export function parseQuery<S extends z.ZodType>(schema: S, values: QueryValues): z.output<S> {
  const parsed = schema.safeParse(values, { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = toFieldErrors(parsed.error, "is not a known parameter");
  throw new OutlayError("bad_request", summary("The query has", errors), { errors });
}

/**
 * Reads a JSON body, gzip or not.
 * @throws OutlayError `unsupported_media_type`, `payload_too_large`, `bad_request` for no JSON,
 * `unprocessable` with the path of each fault.
 */
export async function parseBody<S extends z.ZodType>(
  schema: S,
  request: Request,
): Promise<z.output<S>> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new OutlayError("unsupported_media_type", "Send the body as application/json.");
  }
  const value = parseJson(await readText(request));
  const parsed = schema.safeParse(value, { reportInput: true });
  const errors = parsed.success
    ? listUnstorable(value, [])
    : toFieldErrors(parsed.error, "is not a known field");
  if (parsed.success && errors.length === 0) return parsed.data;
  throw new OutlayError("unprocessable", summary("The body has", errors), { errors });
}

/** PostgreSQL keeps no NUL, and half of a surrogate pair has no UTF-8: it would be stored as another text. */
const UNSTORABLE = /\0|\p{Cs}/u;

/** Texts of a body that no store keeps as they are. It has passed its schema, which bounds how deep it goes. */
function listUnstorable(value: unknown, path: readonly string[]): FieldError[] {
  if (typeof value === "string" && UNSTORABLE.test(value)) {
    const message = "must be text without NUL characters and halves of surrogate pairs";
    return [{ path: path.join("."), message }];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => listUnstorable(part, [...path, name]));
}

async function readText(request: Request): Promise<string> {
  const encoding = request.headers.get("content-encoding")?.toLowerCase() ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") {
    throw new OutlayError("unsupported_media_type", `Content-Encoding ${encoding} is not read.`);
  }
  if (!request.body) return "";
  const bytes: ReadableStream<Uint8Array> =
    encoding === "gzip" ? request.body.pipeThrough(new DecompressionStream("gzip")) : request.body;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of bytes) {
      size += chunk.byteLength;
      if (size > MAX_BODY_BYTES) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new OutlayError("bad_request", "The body could not be read to its end.", { cause });
  }
  if (size > MAX_BODY_BYTES) {
    throw new OutlayError("payload_too_large", `A body has at most ${MAX_BODY_BYTES} bytes.`);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new OutlayError("bad_request", "The body is not JSON.");
  }
}

/** Every fault with its path; each unknown name is a fault of its own. */
export function toFieldErrors(error: z.ZodError, unknownName: string): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.join(".");
    if (issue.code !== "unrecognized_keys") return [{ path, message: explain(issue) }];
    return issue.keys.map((key) => ({
      path: path ? `${path}.${key}` : key,
      message: unknownName,
    }));
  });
}

/** What is expected, where `a` and zod's own word make no English. */
const NOUNS: Readonly<Record<string, string>> = {
  int: "a whole number",
  object: "an object",
  array: "a list",
};

/** zod's own sentence starts anew ("Invalid input: expected string"); ours follows the path. */
function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") {
    if (issue.input === undefined) return "is required";
    return Array.isArray(issue.input) && issue.expected === "string"
      ? "is given more than once"
      : `must be ${NOUNS[issue.expected] ?? `a ${issue.expected}`}`;
  }
  if (issue.code === "invalid_value") return `must be one of ${issue.values.join(", ")}`;
  if (issue.code === "too_small") {
    const least = issue.inclusive === false ? "above" : "at least";
    return `must be ${least} ${issue.minimum}${unit(issue.origin)}`;
  }
  if (issue.code === "too_big") return `must be at most ${issue.maximum}${unit(issue.origin)}`;
  return issue.message;
}

function unit(origin: string): string {
  return origin === "string" ? " characters long" : origin === "array" ? " items" : "";
}

function summary(start: string, errors: FieldError[]): string {
  const [first] = errors;
  const named = first ? `: ${first.path || "it"} ${first.message}` : "";
  return errors.length === 1
    ? `${start} a fault${named}.`
    : `${start} ${errors.length} faults${named}.`;
}
