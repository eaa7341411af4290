/** A fault of one field, as problem details name it. */
interface FieldFault {
  path: string;
  message: string;
}

/**
 * What the people's API answered instead of data. `status` is 0 when no answer came at all. Show
 * `message` and `requestId`: with the id, the log has the rest.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;
  readonly requestId: string | null;
  readonly faults: FieldFault[];

  constructor(
    status: number,
    title: string,
    detail: string,
    extra: { requestId?: string | null; faults?: FieldFault[] } = {},
  ) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.title = title;
    this.requestId = extra.requestId ?? null;
    this.faults = extra.faults ?? [];
  }
}

interface RequestOptions {
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  query?: URLSearchParams;
  body?: unknown;
  /** A key to ask with; the session without one. */
  key?: string;
  signal?: AbortSignal;
}

/**
 * Asks the API, the people's with the session cookie, and returns the JSON answer.
 * The caller names the answer's type: both ends are built from one contract (`/api/openapi.json`).
 * @throws ApiError for a problem answer, an answer that is no JSON, and no answer.
 */
export async function requestJson<Answer>(
  path: string,
  options: RequestOptions = {},
): Promise<Answer> {
  const response = await sendRequest(path, options);
  try {
    return (await response.json()) as Answer;
  } catch (cause) {
    if (isAbort(cause)) throw cause;
    throw new ApiError(response.status, "Unreadable answer", "The server's answer was no JSON.", {
      requestId: response.headers.get("x-request-id"),
    });
  }
}

/** As `requestJson`, for an answer without content, or that is read otherwise. @throws ApiError for a problem answer, and no answer */
export async function sendRequest(path: string, options: RequestOptions = {}): Promise<Response> {
  const response = await send(path, options);
  if (!response.ok) throw await readProblem(response);
  return response;
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const query = options.query?.toString();
  try {
    return await fetch(query ? `${path}?${query}` : path, {
      method: options.method ?? "GET",
      headers: {
        accept: "application/json",
        ...(options.body === undefined ? {} : { "content-type": "application/json" }),
        ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (cause) {
    if (isAbort(cause)) throw cause;
    throw new ApiError(0, "No answer", "The server could not be reached. Is it still running?");
  }
}

/** Reads problem details (RFC 9457); anything else becomes a plain error of that status. */
export async function readProblem(response: Response): Promise<ApiError> {
  const requestId = response.headers.get("x-request-id");
  const problem = readObject(await response.json().catch(() => null));
  const faults = Array.isArray(problem.errors) ? problem.errors.map(readFault) : [];
  return new ApiError(
    response.status,
    readText(problem.title) ?? `Error ${response.status}`,
    readText(problem.detail) ?? "The server answered with an error and no details.",
    { requestId: readText(problem.request_id) ?? requestId, faults },
  );
}

function readFault(value: unknown): FieldFault {
  const fault = readObject(value);
  return { path: readText(fault.path) ?? "", message: readText(fault.message) ?? "" };
}

function readObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function readText(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
