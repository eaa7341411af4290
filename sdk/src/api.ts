import type { Answer, OpenAnswer, Transport } from "./platform/platform.ts";

/** Outlay's endpoints, with the key in every request and in nothing else. */
export interface Api {
  /** @throws where nobody answered */
  ask(request: ApiRequest): Promise<Answer>;
  open(path: string, timeoutMs: number, onText: (piece: string) => void): Promise<OpenAnswer>;
}

export interface ApiRequest {
  method?: "GET" | "POST" | "DELETE";
  path: string;
  query?: Readonly<Record<string, string>>;
  headers?: Record<string, string>;
  /** JSON text. */
  body?: string;
  timeoutMs: number;
  /** The process stays alive until it is answered. */
  isAwaited?: boolean;
}

export function createApi(
  { url, apiKey, project }: { url: string; apiKey: string; project: string | null },
  transport: Transport,
): Api {
  const own = { authorization: `Bearer ${apiKey}`, "user-agent": "outlay-sdk/0.1.0" };
  const urlOf = (path: string, query: Readonly<Record<string, string>> = {}): string => {
    const parameters = new URLSearchParams(project === null ? query : { ...query, project });
    const text = parameters.toString();
    return `${url}${path}${text ? `?${text}` : ""}`;
  };
  return {
    ask({ method = "GET", path, query, headers, body, timeoutMs, isAwaited = false }) {
      const typed = body === undefined ? {} : { "content-type": "application/json" };
      return transport.ask({
        method,
        url: urlOf(path, query),
        headers: { ...own, ...typed, ...headers },
        body,
        timeoutMs,
        isAwaited,
      });
    },
    open(path, timeoutMs, onText) {
      const headers = { ...own, accept: "text/event-stream" };
      return transport.open({ method: "GET", url: urlOf(path), headers, timeoutMs }, onText);
    },
  };
}

/** What an answer that is no success says of itself. */
export function explainAnswer({ status, text }: Answer): string {
  try {
    const { detail, title } = JSON.parse(text) as { detail?: unknown; title?: unknown };
    return `${status} ${String(detail ?? title ?? "").slice(0, 300)}`.trim();
  } catch {
    return String(status);
  }
}

/** Milliseconds of `Retry-After`; null: it does not say. */
export function retryAfterOf(answer: Pick<Answer, "header">): number | null {
  const said = answer.header("retry-after");
  if (said === null) return null;
  const seconds = Number(said);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(said);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
