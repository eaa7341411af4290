import http, { type IncomingMessage, type RequestOptions } from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from "request-filtering-agent";
import { DeliveryError } from "@/lib/channels/delivery-error";
import { findAddressFault } from "@/lib/channels/outgoing-address";

/** From the first packet to the last byte that is read. */
const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** Longer ones tell nobody more. */
const SHOWN_CHARACTERS = 200;

/** How requests leave this process. */
export interface Outgoing {
  /** OUTLAY_ALLOW_PRIVATE_WEBHOOKS. */
  mayReachPrivate: boolean;
  /** Resolves names, if not as the system does. */
  lookup?: LookupFunction;
  /** Milliseconds, if not ten seconds. */
  timeoutMs?: number;
}

export interface OutgoingAnswer {
  status: number;
  /** Its beginning, at most 64 KiB. */
  text: string;
}

/**
 * Posts a body to an address outside. The connection itself refuses an address that is not public, whatever name led to
 * it; a redirect is a failure, since what it leads to is nobody's who set up the channel.
 * @returns an answer of 200 to 299, whatever became of its body
 * @throws DeliveryError
 */
export async function postOutgoing(
  outgoing: Outgoing,
  address: string,
  request: { body: string; headers: Record<string, string> },
): Promise<OutgoingAnswer> {
  const fault = findAddressFault(address, outgoing.mayReachPrivate);
  if (fault !== null) throw new DeliveryError(`Its address ${fault}.`);
  const url = new URL(address);
  const signal = AbortSignal.timeout(outgoing.timeoutMs ?? TIMEOUT_MS);
  let response: IncomingMessage;
  try {
    response = await send(outgoing, url, request, signal);
  } catch (error) {
    throw explain(error, url, signal.aborted);
  }
  const status = response.statusCode ?? 0;
  const text = await readBeginning(response);
  if (status >= 200 && status < 300) return { status, text };
  const retryAfterMs = readRetryAfter(response.headers["retry-after"], Date.now());
  if (status >= 300 && status < 400) {
    const message = `${url.host} answered ${status}, a redirect: it is not followed. Give the address it leads to.`;
    throw new DeliveryError(message, { status });
  }
  const said = text.replace(/[^\x21-\x7e]+/g, " ").trim();
  const words = said === "" ? "" : `: ${said.slice(0, SHOWN_CHARACTERS)}`;
  throw new DeliveryError(`${url.host} answered ${status}${words}`, { status, retryAfterMs });
}

async function send(
  { mayReachPrivate, lookup }: Outgoing,
  url: URL,
  { body, headers }: { body: string; headers: Record<string, string> },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const allowed = { allowPrivateIPAddress: mayReachPrivate, allowMetaIPAddress: mayReachPrivate };
  const isSecure = url.protocol === "https:";
  // Of its own: a connection that was kept was let through under what held then.
  const agent = isSecure
    ? new RequestFilteringHttpsAgent({ ...allowed, keepAlive: false })
    : new RequestFilteringHttpAgent({ ...allowed, keepAlive: false });
  const bytes = Buffer.from(body);
  const options: RequestOptions = {
    method: "POST",
    agent,
    headers: { "user-agent": "Outlay", ...headers, "content-length": String(bytes.length) },
    signal,
    ...(lookup ? { lookup } : {}),
  };
  return new Promise((resolve, reject) => {
    const request = (isSecure ? https : http).request(url, options, resolve);
    request.on("error", reject);
    request.end(bytes);
  });
}

/**
 * What was read until the limit, the end of the time or of the connection; the rest is not waited for. The status is
 * there by then: what was taken with 200 and broke off would be told again if that were a failure.
 */
async function readBeginning(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    // What arrived before says enough.
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString("utf8");
}

function explain(error: unknown, { host }: URL, isLate: boolean): DeliveryError {
  const { message, code } = error as NodeJS.ErrnoException;
  if (isLate) return new DeliveryError(`${host} did not answer in time.`, { cause: error });
  if (/is not allowed/.test(message)) {
    const words = `${host} leads to an address that is not public (OUTLAY_ALLOW_PRIVATE_WEBHOOKS=true allows it).`;
    return new DeliveryError(words, { cause: error });
  }
  return new DeliveryError(`${host} cannot be reached: ${code ?? message}.`, { cause: error });
}

/** Reads `Retry-After`, seconds or a date. @returns milliseconds; null where it says nothing usable */
export function readRetryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // Date.parse takes nearly anything for a date, "-5" too.
  const atMs = / GMT$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
