import { createFetchTransport } from "./fetch-transport.ts";
import type { Carrier, Platform } from "./platform.ts";
import { readSetting } from "./read-setting.ts";

interface Storage<T> {
  getStore(): T | undefined;
  run<R>(value: T, work: () => R): R;
}

interface Module {
  AsyncLocalStorage?: new () => Storage<unknown>;
}

interface EdgeGlobals extends Module {
  process?: { getBuiltinModule?(name: string): Module | undefined };
}

/** Runtimes without Node's modules: no files, no end of a process, timers only while a request is answered. */
export const edgePlatform: Platform = {
  makeCarrier: <T>() => makeCarrier<T>(),
  makeTransport: () => createFetchTransport((input, init) => globalThis.fetch(input, init)),
  setting: readSetting,
  hostName: () => "edge",
  fillRandom: (bytes) => globalThis.crypto.getRandomValues(bytes),
  mayBeginAtOnce: false,
  onExit: () => () => undefined,
  openSpool: () => null,
};

/** Some have it as a global; Cloudflare's, with `nodejs_compat`, as Node's module, which is not imported as others have none. */
function makeCarrier<T>(): Carrier<T> | null {
  const { AsyncLocalStorage: own, process } = globalThis as EdgeGlobals;
  const AsyncLocalStorage =
    own ?? process?.getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage;
  if (!AsyncLocalStorage) return null;
  const storage = new AsyncLocalStorage() as Storage<T>;
  return { get: () => storage.getStore(), run: (value, work) => storage.run(value, work) };
}
