import { later } from "../later.ts";
import type { Answer, Ask, OpenAnswer, Transport } from "./platform.ts";

/** Brings requests by `fetch`: on edge runtimes, and where the caller has one of its own. */
export function createFetchTransport(fetch: typeof globalThis.fetch): Transport {
  return {
    ask: (request) => ask(fetch, request),
    open: (request, onText) => open(fetch, request, onText),
  };
}

async function ask(
  fetch: typeof globalThis.fetch,
  { method, url, headers, body, timeoutMs }: Ask,
): Promise<Answer> {
  const controller = new AbortController();
  const cancel = later(timeoutMs, () => controller.abort(new Error("Nobody answered in time.")));
  try {
    const { signal } = controller;
    const init = { method, headers, signal, redirect: "manual" as const };
    const response = await fetch(url, body === undefined ? init : { ...init, body });
    const text = await response.text();
    return { status: response.status, header: (name) => response.headers.get(name), text };
  } finally {
    cancel();
  }
}

async function open(
  fetch: typeof globalThis.fetch,
  { method, url, headers, timeoutMs }: Omit<Ask, "isAwaited" | "body">,
  onText: (piece: string) => void,
): Promise<OpenAnswer> {
  const controller = new AbortController();
  const { signal } = controller;
  const cancel = later(timeoutMs, () => controller.abort(new Error("Nobody answered in time.")));
  try {
    const response = await fetch(url, { method, headers, signal, redirect: "manual" });
    const read = response.status === 200 ? readText(response, onText) : Promise.resolve();
    if (response.status !== 200) await response.body?.cancel().catch(() => undefined);
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      // That it broke is all there is to know.
      ended: read.catch(() => undefined),
      close: () => controller.abort(),
    };
  } finally {
    cancel();
  }
}

async function readText(response: Response, onText: (piece: string) => void): Promise<void> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return;
    onText(decoder.decode(value, { stream: true }));
  }
}
