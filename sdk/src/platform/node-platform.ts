import { AsyncLocalStorage } from "node:async_hooks";
import { randomFillSync } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { onNodeExit } from "./node-exit.ts";
import { createNodeTransport } from "./node-transport.ts";
import type { Carrier, Platform, Spool } from "./platform.ts";
import { readSetting } from "./read-setting.ts";

/** Node, and what speaks its language: Bun, Deno. */
export const nodePlatform: Platform = {
  makeCarrier: <T>() => makeCarrier<T>(),
  makeTransport: createNodeTransport,
  setting: readSetting,
  hostName: () => `${os.hostname()}-${process.pid}`,
  fillRandom: (bytes) => randomFillSync(bytes),
  mayBeginAtOnce: true,
  onExit: onNodeExit,
  openSpool,
};

/** One for the process: it may have loaded this package as ESM and as CommonJS, and a run is the same in both. */
function makeCarrier<T>(): Carrier<T> {
  const slots = globalThis as { [SLOT]?: AsyncLocalStorage<unknown> };
  slots[SLOT] ??= new AsyncLocalStorage<unknown>();
  const storage = slots[SLOT] as AsyncLocalStorage<T>;
  return { get: () => storage.getStore(), run: (value, work) => storage.run(value, work) };
}

const SLOT = Symbol.for("@outlay/sdk.runs");
const SUFFIX = ".ndjson";

function openSpool(directory: string): Spool {
  fs.mkdirSync(directory, { recursive: true });
  const place = (name: string) => path.join(directory, name);
  return {
    list: () => fs.readdirSync(directory).filter((name) => name.endsWith(SUFFIX)),
    read: (name) => fs.readFileSync(place(name), "utf8"),
    remove: (name) => fs.rmSync(place(name), { force: true }),
    write(name, text) {
      // Whole or not there: another process may read it at any moment.
      const draft = place(`${name}.tmp`);
      fs.writeFileSync(draft, text, { mode: 0o600 });
      fs.renameSync(draft, place(`${name}${SUFFIX}`));
    },
  };
}
