import { isOutlayError, OutlayError } from "@/lib/errors";
import { StartError } from "@/lib/start-error";

/** ClickHouse's own numbers: TIMEOUT_EXCEEDED, TOO_SLOW, MEMORY_LIMIT_EXCEEDED. */
const TOO_MUCH_WORK = new Set(["159", "160", "241"]);
const OUT_OF_REACH = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EPIPE",
  "EHOSTUNREACH",
]);

export type StoreOpenCode =
  | "data_dir_locked"
  | "data_dir_unusable"
  | "engine_missing"
  | "server_unreachable"
  | "bad_url"
  | "migration_changed";

/** The calls store could not be opened; the message is one sentence for the person who starts it. */
export class StoreOpenError extends StartError {
  readonly code: StoreOpenCode;
  constructor(code: StoreOpenCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "StoreOpenError";
    this.code = code;
  }
}

/**
 * The engine refused a statement, gave up or was out of reach. What the caller is told holds no SQL;
 * the engine's own words are the `cause`, for the log.
 */
export class QueryFailedError extends OutlayError {
  /** ClickHouse's error number as text (`"159"`), the system's code (`"ECONNREFUSED"`), or null. */
  readonly engineCode: string | null;
  constructor(cause: unknown) {
    const engineCode = codeOf(cause);
    const isTooMuch = engineCode !== null && TOO_MUCH_WORK.has(engineCode);
    const isAway = engineCode !== null && OUT_OF_REACH.has(engineCode);
    super(isTooMuch || isAway ? "unavailable" : "internal", sentence(isTooMuch, isAway), { cause });
    this.name = "QueryFailedError";
    this.engineCode = engineCode;
  }
}

/** The engine's error number as text; null for any other error. Told by shape: modules are loaded twice. */
export function engineCodeOf(error: unknown): string | null {
  if (!isOutlayError(error) || !("engineCode" in error)) return null;
  return typeof error.engineCode === "string" ? error.engineCode : null;
}

/** Runs work on the engine. @throws QueryFailedError for whatever it throws */
export async function failingAsQuery<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new QueryFailedError(error);
  }
}

/** A question was asked with values its own schema refuses: our mistake, never the caller's. */
export class BadQueryParamsError extends OutlayError {
  constructor(queryName: string, cause: unknown) {
    super("internal", `The question ${queryName} was asked with wrong values.`, { cause });
    this.name = "BadQueryParamsError";
  }
}

/** The engine answered in another shape than the question promises. */
export class MalformedRowError extends OutlayError {
  constructor(queryName: string, cause: unknown) {
    super("internal", `The answer to ${queryName} has an unexpected shape.`, { cause });
    this.name = "MalformedRowError";
  }
}

function sentence(isTooMuch: boolean, isAway: boolean): string {
  if (isTooMuch) return "This is too much to read at once. Choose a shorter range or more filters.";
  if (isAway) return "The calls store is out of reach. Nothing is lost; try again in a moment.";
  return "The calls store could not answer. The log has the details.";
}

function codeOf(cause: unknown): string | null {
  if (!(cause instanceof Error)) return null;
  if ("code" in cause && typeof cause.code === "string" && cause.code !== "") return cause.code;
  return /\bCode: (\d+)/.exec(cause.message)?.[1] ?? codeOf(cause.cause);
}
