import { AgentHaltedError } from "./halted-error.ts";
import type { ErrorType } from "./types.ts";

const BY_STATUS: Readonly<Record<number, ErrorType>> = {
  400: "validation",
  401: "authentication",
  403: "authentication",
  404: "validation",
  405: "validation",
  408: "timeout",
  409: "validation",
  413: "validation",
  422: "validation",
  429: "rate_limit",
  504: "timeout",
  // Anthropic's "overloaded": turned away before a model ran.
  529: "rate_limit",
};
const CANCELLED = /^(AbortError|APIUserAbortError|ResponseAborted)$/;
const TIMED_OUT = /Timeout|^ETIMEDOUT$|^UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT$/;
/** Nobody has had the request. */
const UNSENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** What kind of failure a provider's client threw, in the contract's words. */
export function errorTypeOf(error: unknown): ErrorType {
  if (error instanceof AgentHaltedError) return "cancelled";
  for (const one of causesOf(error)) {
    const status = statusOf(one);
    const known = status === null ? undefined : BY_STATUS[status];
    if (known) return known;
    const names = [text(one, "name"), text(one, "code"), one.constructor?.name ?? ""];
    if (names.some((name) => TIMED_OUT.test(name))) return "timeout";
    if (names.some((name) => CANCELLED.test(name))) return "cancelled";
  }
  return "unknown";
}

/** Whether the request never left: then it is known that nothing was used. */
export function isUnsent(error: unknown): boolean {
  return causesOf(error).some((one) => UNSENT.test(text(one, "code")));
}

/** An error and what caused it, the outermost first. */
function causesOf(error: unknown): object[] {
  const causes: object[] = [];
  let one = error;
  while (typeof one === "object" && one !== null && causes.length < 4) {
    causes.push(one);
    one = Reflect.get(one, "cause");
  }
  return causes;
}

function statusOf(error: object): number | null {
  const response: unknown = Reflect.get(error, "response");
  const inner =
    typeof response === "object" && response !== null ? Reflect.get(response, "status") : null;
  for (const value of [Reflect.get(error, "status"), Reflect.get(error, "statusCode"), inner])
    if (typeof value === "number") return value;
  return null;
}

function text(error: object, name: string): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" ? value : "";
}
