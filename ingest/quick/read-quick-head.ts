import { readRequestKey } from "@/ingest/request-key";

/** What the head of an ordinary `POST /v1/events` says. */
export interface QuickHead {
  key: string;
  bodyBytes: number;
}

const FIRST_LINE = "POST /v1/events HTTP/1.1";
/** A name, and a value of visible ASCII; anything else is left to a parser that knows what to do with it. */
const HEADER = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([\t -~]*)$/;
const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;
/** They change where the body ends, what it means, or what is answered before it. */
const CHANGING = ["transfer-encoding", "content-encoding", "expect", "upgrade", "trailer"];

/**
 * Reads a request's head where it is of the one kind that is answered quickly: a JSON body of a told length on a
 * connection that stays open, nothing twice, nothing that changes how it is read.
 * @param head without its empty line.
 * @returns null for every other one, whatever is wrong or special with it: `node:http` decides on that.
 */
export function readQuickHead(head: string): QuickHead | null {
  const [first, ...lines] = head.split("\r\n");
  const headers = first === FIRST_LINE ? readHeaders(lines) : null;
  if (headers?.host === undefined) return null;
  if (CHANGING.some((name) => headers[name] !== undefined)) return null;
  if (!/^keep-alive$/i.test(headers.connection ?? "keep-alive")) return null;
  if (!JSON_TYPE.test(headers["content-type"] ?? "")) return null;
  const length = headers["content-length"] ?? "";
  const key = readRequestKey(headers);
  return key && /^\d{1,6}$/.test(length) ? { key, bodyBytes: Number(length) } : null;
}

function readHeaders(lines: readonly string[]): Record<string, string> | null {
  const headers: Record<string, string> = Object.create(null);
  for (const line of lines) {
    const [, name = "", value = ""] = HEADER.exec(line) ?? [];
    const key = name.toLowerCase();
    // What a repeated header means, two readers may see differently.
    if (key === "" || headers[key] !== undefined) return null;
    headers[key] = value.trimEnd();
  }
  return headers;
}
