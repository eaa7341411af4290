import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type ServerProcess, startServer } from "../bench/server-process";
import { serveClickHouseHttp } from "../db/clickhouse/testing/serve-clickhouse-http";
import { DEMO_BUDGETS } from "../lib/demo/demo-budgets";
import { DEMO_PROJECT } from "../lib/demo/demo-month";
import type { KillSwitchListAnswer } from "../lib/kill-switches/kill-switch-schemas";
import { hasPostgres15, startPostgres15 } from "../lib/testing/start-postgres-15";
import { runLive } from "../scripts/demo-live";
import { packSdk } from "../scripts/pack-sdk.mjs";
import { Controls, Fleet, type FleetOptions, openBadLine, sumReports } from "./guard-fleet";
import { expect, stopAndRemove, test } from "./server-fixture";

/** Two hundred, in two processes as they would be on two machines. */
const FLEETS = 2;
const PER_FLEET = 100;
const ALL = FLEETS * PER_FLEET;
const PUSHED_MS = 1_000;
const POLLED_MS = 6_000;

let sdk = "";
test.beforeAll(async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-sdk-"));
  sdk = await packSdk(folder);
});

function startFleets(options: Omit<FleetOptions, "sdk" | "count" | "name">): Fleet[] {
  return Array.from(
    { length: FLEETS },
    (_, index) =>
      new Fleet({ ...options, sdk, count: PER_FLEET, name: `${options.agent}-${index}` }),
  );
}

const reportOf = async (fleets: readonly Fleet[]) =>
  sumReports(await Promise.all(fleets.map((fleet) => fleet.report())));
const closeAll = async (fleets: readonly Fleet[]) =>
  sumReports(await Promise.all(fleets.map((fleet) => fleet.close())));

async function waitUntilAllRun(
  controls: Controls,
  fleets: readonly Fleet[],
  agent: string,
  live = ALL,
) {
  const running = async () =>
    (await controls.instances(agent)).filter((one) => one.state === "running" && !one.is_lost)
      .length;
  await expect.poll(running).toBe(ALL);
  await expect.poll(() => reportOf(fleets)).toMatchObject({ openStreams: ALL, live });
}

/** Stops all, and proves that they did. @returns from the switch to the 99th of a hundred confirmations, ms */
async function stopAll(controls: Controls, fleets: readonly Fleet[], agent: string) {
  const { engaged_at } = await controls.setSwitch(agent, true);
  await expect
    .poll(() => controls.obedience(agent), { intervals: [100] })
    .toMatchObject({ instances: ALL, confirmed: ALL, unseen: 0 });
  const stopped = await reportOf(fleets);
  expect(stopped.openStreams).toBe(0);
  // Half a second later nothing has begun that had not when the last one confirmed.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const later = await reportOf(fleets);
  expect([later.calls, later.tools, later.streams]).toEqual([
    stopped.calls,
    stopped.tools,
    stopped.streams,
  ]);
  expect(later.refused).toBeGreaterThan(stopped.refused);
  expect([later.lateStarts, later.errors]).toEqual([0, []]);
  const times = await controls.confirmationsMs(agent, engaged_at);
  expect(times).toHaveLength(ALL);
  return times[Math.ceil(times.length * 0.99) - 1] ?? Number.POSITIVE_INFINITY;
}

/**
 * Stops all within a time. Server and agents share the machine's cores here, which a collector's pause or a neighbour may
 * take for a second: a stop that took longer is made again, twice at the most. What else it proves, each one must.
 */
async function stopWithin(ms: number, controls: Controls, fleets: readonly Fleet[], agent: string) {
  const live = (await reportOf(fleets)).live;
  const times = [await stopAll(controls, fleets, agent)];
  while (times.length < 3 && Math.min(...times) >= ms) {
    await controls.setSwitch(agent, false);
    await waitUntilAllRun(controls, fleets, agent, live);
    times.push(await stopAll(controls, fleets, agent));
  }
  expect(Math.min(...times), `took ${times.join(", ")} ms`).toBeLessThan(ms);
}

/** What agents did is what is counted, in the counters and in the calls. */
async function expectAllCounted(
  controls: Controls,
  agent: string,
  budgetId: string,
  done: Awaited<ReturnType<typeof closeAll>>,
) {
  expect(done).toMatchObject({ lateStarts: 0, errors: [], dropped: 0 });
  const calls = done.calls + done.streams;
  expect(done.events).toBe(calls + done.tools);
  await expect.poll(() => controls.counted(budgetId)).toEqual({ calls, tool_calls: done.tools });
  await expect.poll(() => controls.callsOf(agent)).toBe(calls);
}

/** Takes a port, so that a server that is started again is found where it was. */
async function freePort(): Promise<string> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

test("a switch stops 200 instances within a second, over bad lines too, and after the server was killed; what they sent is what is counted", async () => {
  const env = { PORT: await freePort() };
  let server = await startServer({ env });
  const { key, dataDir } = server;
  const controls = new Controls(server.url, key);
  const bad = await openBadLine(server.url);
  const agent = "fleet";
  const budgetId = await controls.makeCounter(agent);
  const fleets = startFleets({ urls: [server.url], key, agent, push: true });
  try {
    await waitUntilAllRun(controls, fleets, agent);
    await stopWithin(PUSHED_MS, controls, fleets, agent);
    await controls.setSwitch(agent, false);
    await waitUntilAllRun(controls, fleets, agent);

    // Killed in the middle of everything: agents go on by what they know, and keep what they did.
    process.kill(server.pid, "SIGKILL");
    const before = await reportOf(fleets);
    await expect
      .poll(async () => (await reportOf(fleets)).calls)
      .toBeGreaterThan(before.calls + ALL);
    server = await startServer({ env: { ...env, OUTLAY_API_KEY: key }, dataDir });
    await waitUntilAllRun(controls, fleets, agent);
    await stopWithin(PUSHED_MS, controls, fleets, agent);
    await controls.setSwitch(agent, false);
    await expectAllCounted(controls, agent, budgetId, await closeAll(fleets));

    const lossy = "lossy";
    const lossyBudget = await controls.makeCounter(lossy);
    const far = startFleets({ urls: [bad.url], key, agent: lossy, push: true });
    fleets.push(...far);
    await expect
      .poll(async () => (await controls.instances(lossy)).filter((one) => !one.is_lost).length)
      .toBe(ALL);
    await controls.setSwitch(lossy, true);
    await expect
      .poll(() => controls.obedience(lossy))
      .toMatchObject({ instances: ALL, confirmed: ALL });
    await controls.setSwitch(lossy, false);
    const { calls } = await reportOf(far);
    await expect.poll(async () => (await reportOf(far)).calls).toBeGreaterThan(calls + ALL);
    await expectAllCounted(controls, lossy, lossyBudget, await closeAll(far));
  } finally {
    for (const fleet of fleets) fleet.kill();
    await bad.close();
    await stopAndRemove(server);
  }
});

test("without the push, 200 instances that only ask are stopped within six seconds", async () => {
  const server = await startServer();
  const controls = new Controls(server.url, server.key);
  const agent = "asking";
  const budgetId = await controls.makeCounter(agent);
  const fleets = startFleets({ urls: [server.url], key: server.key, agent, push: false });
  try {
    await waitUntilAllRun(controls, fleets, agent, 0);
    await stopWithin(POLLED_MS, controls, fleets, agent);
    await expectAllCounted(controls, agent, budgetId, await closeAll(fleets));
  } finally {
    for (const fleet of fleets) fleet.kill();
    await stopAndRemove(server);
  }
});

test("two processes of the server tell their agents of a switch that a third one set, and refuse the next reservation", async () => {
  test.skip(!hasPostgres15, "PostgreSQL 15 is not installed here (Debian: postgresql-15)");
  const clickhouse = await serveClickHouseHttp();
  const postgres = await startPostgres15();
  const env = {
    CLICKHOUSE_URL: `${clickhouse.url}/outlay`,
    DATABASE_URL: postgres.createDatabase(),
    OUTLAY_API_KEY: `proof_${"k".repeat(40)}`,
  };
  const key = env.OUTLAY_API_KEY;
  const servers: ServerProcess[] = [];
  const fleets: Fleet[] = [];
  try {
    for (const role of ["ingest", "ingest", "web"]) {
      servers.push(await startServer({ env: { ...env, OUTLAY_ROLE: role } }));
    }
    const [one, two, web] = servers;
    if (!one || !two || !web) throw new Error("three servers were started");
    const controls = new Controls(web.url, key);
    const agent = "spread";
    const budgetId = await controls.makeCounter(agent);
    fleets.push(...startFleets({ urls: [one.url, two.url], key, agent, push: true }));
    await waitUntilAllRun(controls, fleets, agent);
    await stopWithin(PUSHED_MS, controls, fleets, agent);
    for (const { url } of [one, two]) {
      const wish = { model: "gpt-5", provider: "openai", agent };
      const decided = await new Controls(url, key).ask("/v1/reservations", {
        method: "POST",
        body: wish,
      });
      expect(decided).toMatchObject({ decision: "block", reasons: [{ code: "kill_switch" }] });
    }
    await controls.setSwitch(agent, false);
    await waitUntilAllRun(controls, fleets, agent);
    await expectAllCounted(controls, agent, budgetId, await closeAll(fleets));
  } finally {
    for (const fleet of fleets) fleet.kill();
    for (const server of servers) {
      await server.stop();
      fs.rmSync(server.dataDir, { recursive: true, force: true });
    }
    postgres.stop();
    await clickhouse.close();
  }
});

test("the demo's runaway is caught by the budget of its session, comes back, and is caught by its switch", async () => {
  const server = await startServer();
  const controls = new Controls(server.url, server.key);
  const project = `?project=${DEMO_PROJECT.slug}`;
  const stop = new AbortController();
  const lines: string[] = [];
  const { createOutlay, AgentHaltedError } = (await import(
    pathToFileURL(sdk).href
  )) as typeof import("../sdk/src/node");
  try {
    await controls.ask("/api/projects", { method: "POST", body: DEMO_PROJECT });
    for (const body of DEMO_BUDGETS) {
      await controls.ask(`/api/budgets${project}`, { method: "POST", body });
    }
    const outlay = createOutlay({
      url: server.url,
      apiKey: server.key,
      project: DEMO_PROJECT.slug,
      flushAtExit: false,
    });
    const live = runLive({
      outlay,
      isHalted: (error) => error instanceof AgentHaltedError,
      async stopAgent(agent, reason, until) {
        const body = { scope: "agent", value: agent, engaged: true, reason, until };
        await controls.ask(`/api/kill-switches${project}`, { method: "PUT", body });
      },
      say: (line) => lines.push(line),
      signal: stop.signal,
    });
    await expect.poll(() => lines.length, { timeout: 120_000 }).toBe(4);
    const path = `/api/kill-switches${project}`;
    await expect
      .poll(async () => (await controls.ask<KillSwitchListAnswer>(path)).switches[0]?.obedience)
      .toMatchObject({ instances: 1, confirmed: 1 });
    stop.abort();
    await live;
    await outlay.close();
    expect(lines).toEqual([
      expect.stringMatching(/stopped \(budget_exceeded\): The budget "Each session"/),
      expect.stringMatching(/stopped \(budget_exceeded\): The budget "Each session"/),
      expect.stringContaining("On call stopped web-researcher"),
      expect.stringMatching(/stopped \(kill_switch\): .*Two sessions in a row/),
    ]);
  } finally {
    stop.abort();
    await stopAndRemove(server);
  }
});
