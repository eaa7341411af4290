/**
 * One error class for everything a caller can be told. It is recognised by its `code`, never by
 * `instanceof`: server.ts and Next's bundles load this module twice in one process.
 */
const STATUS_BY_CODE = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
} as const;

const TITLE_BY_CODE: Record<ErrorCode, string> = {
  bad_request: "Bad request",
  unauthorized: "Not signed in",
  forbidden: "Not allowed",
  not_found: "Not found",
  method_not_allowed: "Method not allowed",
  conflict: "Conflict",
  payload_too_large: "Payload too large",
  unsupported_media_type: "Unsupported media type",
  unprocessable: "Unprocessable content",
  too_many_requests: "Too many requests",
  internal: "Internal error",
  unavailable: "Unavailable",
};

export type ErrorCode = keyof typeof STATUS_BY_CODE;

/** One fault of the input: where it is (`usage.input_tokens`) and what is wrong with it. */
export interface FieldError {
  path: string;
  message: string;
}

/** RFC 9457 problem details, our only error body. `errors` names each fault of the input. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors: FieldError[];
  request_id?: string;
}

export class OutlayError extends Error {
  readonly isOutlayError = true;
  readonly code: ErrorCode;
  readonly errors: FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { errors?: FieldError[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = "OutlayError";
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** True for an error that was meant for the caller, from whichever copy of this module it came. */
export function isOutlayError(error: unknown): error is OutlayError {
  return error instanceof Error && "isOutlayError" in error && error.isOutlayError === true;
}

/**
 * Turns any thrown value into a problem. What was not meant for the caller becomes a plain 500:
 * a message of a driver can hold SQL, paths or secrets.
 */
export function toProblem(error: unknown, requestId?: string): Problem {
  const known = isOutlayError(error) ? error : null;
  const code = known?.code ?? "internal";
  return {
    type: "about:blank",
    title: TITLE_BY_CODE[code],
    status: STATUS_BY_CODE[code],
    detail: known?.message ?? "Something failed on our side. The log has the details.",
    errors: known?.errors ?? [],
    ...(requestId ? { request_id: requestId } : {}),
  };
}
