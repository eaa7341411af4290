import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { Controls, Fleet } from "../e2e/guard-fleet";
import { packSdk } from "../scripts/pack-sdk.mjs";
import { startServer } from "./server-process";

export interface GuardFigures {
  /** Microseconds that the guard adds to a call that it lets through from memory. */
  llmMicroseconds: number;
  toolMicroseconds: number;
  /** Of the packed module, minified and gzipped, bytes. */
  nodeBytes: number;
  edgeBytes: number;
  /** From the switch to confirmations of all instances, by the server's clock, ms: one of each round. */
  instances: number;
  stops: { p50Ms: number; p99Ms: number }[];
}

const FLEETS = 2;
const PER_FLEET = 100;
const ROUNDS = 5;

/** Measures the packed SDK before the built server. */
export async function measureGuard(): Promise<GuardFigures> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-sdk-"));
  const server = await startServer();
  try {
    const sdk = await packSdk(folder);
    const controls = new Controls(server.url, server.key);
    await controls.makeCap();
    const own = JSON.stringify({ sdk, url: server.url, key: server.key });
    const script = path.join(import.meta.dirname, "guard-cost.mjs");
    const cost = JSON.parse(execFileSync(process.execPath, [script, own], { encoding: "utf8" }));
    const sizeOf = (name: string) =>
      gzipSync(fs.readFileSync(path.join(path.dirname(sdk), name)), { level: 9 }).length;
    return {
      llmMicroseconds: cost.llm - cost.bare,
      toolMicroseconds: cost.tool - cost.bare,
      nodeBytes: sizeOf("node.js"),
      edgeBytes: sizeOf("edge.js"),
      instances: FLEETS * PER_FLEET,
      stops: await measureStops(controls, server.key, sdk),
    };
  } finally {
    await server.stop();
    fs.rmSync(server.dataDir, { recursive: true, force: true });
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function measureStops(controls: Controls, key: string, sdk: string) {
  const agent = "fleet";
  const fleets = Array.from(
    { length: FLEETS },
    (_, index) =>
      new Fleet({
        sdk,
        urls: [controls.url],
        key,
        agent,
        count: PER_FLEET,
        push: true,
        name: `bench-${index}`,
      }),
  );
  const all = FLEETS * PER_FLEET;
  const stops: GuardFigures["stops"] = [];
  const until = async (isSo: () => Promise<boolean>) => {
    while (!(await isSo())) await new Promise((done) => setTimeout(done, 200));
  };
  const areIn = (state: string) => async () =>
    (await controls.instances(agent)).filter((one) => one.state === state).length === all;
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      await until(areIn("running"));
      const { engaged_at } = await controls.setSwitch(agent, true);
      await until(areIn("halted"));
      const times = await controls.confirmationsMs(agent, engaged_at);
      const at = (share: number) => times[Math.ceil(all * share) - 1] ?? Number.NaN;
      stops.push({ p50Ms: at(0.5), p99Ms: at(0.99) });
      await controls.setSwitch(agent, false);
    }
    await Promise.all(fleets.map((fleet) => fleet.close()));
  } finally {
    for (const fleet of fleets) fleet.kill();
  }
  return stops;
}
