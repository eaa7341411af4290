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
  const parsed = schema.safeParse(parseJson(await readText(request)), { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = toFieldErrors(parsed.error, "is not a known field");
  throw new OutlayError("unprocessable", summary("The body has", errors), { errors });
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

/** zod's own sentence starts anew ("Invalid input: expected string"); ours follows the path. */
function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") {
    if (issue.input === undefined) return "is required";
    return Array.isArray(issue.input) && issue.expected === "string"
      ? "is given more than once"
      : `must be a ${issue.expected}`;
  }
  if (issue.code === "invalid_value") return `must be one of ${issue.values.join(", ")}`;
  if (issue.code === "too_small") return `must be at least ${issue.minimum}${unit(issue.origin)}`;
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
