import { createFetchTransport } from "./fetch-transport.ts";
import type { Carrier, Platform } from "./platform.ts";
import { readSetting } from "./read-setting.ts";

interface Storage<T> {
  getStore(): T | undefined;
  run<R>(value: T, work: () => R): R;
}

interface EdgeGlobals {
  AsyncLocalStorage?: new () => Storage<unknown>;
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

/** Some have it as a global. */
function makeCarrier<T>(): Carrier<T> | null {
  const { AsyncLocalStorage } = globalThis as EdgeGlobals;
  if (!AsyncLocalStorage) return null;
  const storage = new AsyncLocalStorage() as Storage<T>;
  return { get: () => storage.getStore(), run: (value, work) => storage.run(value, work) };
}
