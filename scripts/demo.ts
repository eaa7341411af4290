/**
 * The demo's client: makes the project `demo`, posts a believable month of a small company through the
 * public API, then live traffic by the packed SDK until Ctrl-C. It knows nothing that another client could not know.
 *
 *   npm run demo                 starts a server if none listens, fills it, keeps sending
 *   npm run demo -- --remove     removes the project and everything in it
 *
 * With a server that runs already, it needs an installation key in OUTLAY_API_KEY.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { DEMO_BUDGETS } from "../lib/demo/demo-budgets";
import { batchesOfMonth, DEMO_PROJECT } from "../lib/demo/demo-month";
import { runLive } from "./demo-live";
import { packSdk } from "./pack-sdk.mjs";

const DEMO_KEY_PREFIX = "outlay_demo_";

class DemoError extends Error {}

const { values: options } = parseArgs({ options: { remove: { type: "boolean", default: false } } });
const address = `http://${process.env.HOST ?? "127.0.0.1"}:${process.env.PORT ?? "3000"}`;

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function call(method: string, path: string, key: string, body?: unknown): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${address}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    // 429 and 503 ask to come back later; the ids stay, so nothing counts twice.
    if ([429, 503].includes(response.status) && attempt < 20) {
      await sleep(1_000 * Number(response.headers.get("retry-after") ?? 1));
      continue;
    }
    return { status: response.status, body: text ? JSON.parse(text) : {} };
  }
}

function mustBe(answer: Answer, statuses: number[], doing: string): Record<string, unknown> {
  if (statuses.includes(answer.status)) return answer.body;
  throw new DemoError(`${doing}: ${answer.status} ${answer.body.detail ?? ""}`);
}

/** Finds the server that listens, or starts one with a key of its own for this run. */
async function findServer(): Promise<{ key: string; child: ChildProcess | null }> {
  const given = process.env.OUTLAY_API_KEY;
  const isUp = await fetch(`${address}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
  if (isUp) {
    if (given) return { key: given, child: null };
    throw new DemoError(
      `a server listens on ${address} already: give its installation key in OUTLAY_API_KEY, or stop it and run this again.`,
    );
  }
  const key = given ?? `${DEMO_KEY_PREFIX}${randomBytes(24).toString("hex")}`;
  const child = spawn(process.execPath, ["scripts/start.cjs"], {
    stdio: "inherit",
    env: { ...process.env, OUTLAY_API_KEY: key },
    // A group of its own: Ctrl-C reaches this client alone, which takes its keys back before it stops the server.
    detached: true,
  });
  let isGone = false;
  child.once("exit", () => {
    isGone = true;
  });
  while (!isGone) {
    const isReady = await fetch(`${address}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return { key, child };
    await sleep(200);
  }
  throw new DemoError("the server did not start; its own message is above.");
}

/** The project with the demo's slug; null where there is none. @throws DemoError where it is somebody's real one */
async function findDemo(key: string): Promise<{ id: string } | null> {
  const answer = mustBe(await call("GET", "/api/projects", key), [200], "list the projects");
  const projects = answer.projects as { id: string; slug: string; is_demo: boolean }[];
  const found = projects.find(({ slug }) => slug === DEMO_PROJECT.slug);
  if (!found || found.is_demo) return found ?? null;
  throw new DemoError(`the project "${found.slug}" is no demo: nothing is sent into it.`);
}

async function removeDemo(key: string): Promise<void> {
  const demo = await findDemo(key);
  if (!demo) {
    process.stdout.write("There is no demo project.\n");
    return;
  }
  mustBe(await call("DELETE", `/api/projects/${demo.id}`, key), [200, 204], "remove the demo");
  process.stdout.write("The demo project and everything in it are gone.\n");
}

interface MadeKey {
  id: string;
  key: string;
}

/** Makes the project if it is missing, and a key of its agents. */
async function makeProject(key: string): Promise<MadeKey> {
  if (!(await findDemo(key))) {
    mustBe(await call("POST", "/api/projects", key, DEMO_PROJECT), [201], "make the project");
  }
  const wanted = { name: "demo fleet", project: DEMO_PROJECT.slug, scopes: ["ingest", "guard"] };
  const made = mustBe(await call("POST", "/api/keys", key, wanted), [200, 201], "make a key");
  return { id: String(made.id), key: String(made.key) };
}

/** A demo leaves no key behind: neither its own nor the one its server was started with. */
async function revokeKeys(key: string, ids: string[], isOwnServer: boolean): Promise<void> {
  for (const id of ids) await call("DELETE", `/api/keys/${id}`, key);
  if (!isOwnServer || process.env.OUTLAY_API_KEY) return;
  const { body } = await call("GET", "/api/keys", key);
  const keys = (body.keys ?? []) as { id: string; prefix: string; revoked_at: string | null }[];
  // A key is known by its beginning alone. Only those that a demo made can match: never a person's own.
  const own = keys.filter(
    ({ prefix, revoked_at }) =>
      !revoked_at && prefix.startsWith(DEMO_KEY_PREFIX) && key.startsWith(prefix),
  );
  for (const { id } of own) await call("DELETE", `/api/keys/${id}`, key);
}

async function post(key: string, events: object[]): Promise<number> {
  const answer = mustBe(await call("POST", "/v1/events", key, { events }), [202], "post events");
  return Number(answer.accepted);
}

/** Posts the last month up to now. Sending it again changes no figure: the ids are the same. */
async function postHistory(key: string): Promise<void> {
  let count = 0;
  for (const { events, daysDone } of batchesOfMonth(Date.now())) {
    count += await post(key, events);
    process.stdout.write(`\rDemo: ${count} events of ${daysDone} days …`);
  }
  process.stdout.write(`\rDemo: ${count} events in the project "demo".        \n`);
}

/** Makes the company's budgets where there are none: a person's changes of them stay. */
async function makeBudgets(key: string): Promise<void> {
  const path = `/api/budgets?project=${DEMO_PROJECT.slug}`;
  const { budgets } = mustBe(await call("GET", path, key), [200], "list the budgets");
  // Those of the whole installation bind the demo too, and are no demo's.
  const own = (budgets as { project: string | null }[]).filter(({ project }) => project !== null);
  if (own.length > 0) return;
  for (const budget of DEMO_BUDGETS) {
    mustBe(await call("POST", path, key, budget), [201], "make a budget");
  }
}

type Sdk = typeof import("../sdk/src/node");

/** Where the packed SDK is installed for the demo. */
const SDK_FOLDER = path.join(
  import.meta.dirname,
  "..",
  "node_modules",
  ".cache",
  "outlay",
  "demo-sdk",
);

/** Live traffic through the packed SDK, until the signal falls. @param own the agents' key */
async function sendLive(key: string, own: string, signal: AbortSignal): Promise<void> {
  const sdk = (await import(pathToFileURL(await packSdk(SDK_FOLDER)).href)) as Sdk;
  // This process sees to signals itself, and closes it below.
  const outlay = sdk.createOutlay({ url: address, apiKey: own, flushAtExit: false });
  try {
    await runLive({
      outlay,
      isHalted: (error) => error instanceof sdk.AgentHaltedError,
      async stopAgent(agent, reason, until) {
        const change = { scope: "agent", value: agent, engaged: true, reason, until };
        const path = `/api/kill-switches?project=${DEMO_PROJECT.slug}`;
        mustBe(await call("PUT", path, key, change), [200], "stop an agent");
      },
      say: (line) => process.stdout.write(`Demo: ${line}\n`),
      signal,
    });
  } finally {
    await outlay.close();
  }
}

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  const { key, child } = await findServer();
  const made: string[] = [];
  try {
    if (options.remove) {
      await removeDemo(key);
      return;
    }
    const agents = await makeProject(key);
    made.push(agents.id);
    await postHistory(agents.key);
    await makeBudgets(key);
    process.stdout.write(
      `Live traffic goes on until Ctrl-C. Look: ${address}/overview?project=demo\n`,
    );
    await sendLive(key, agents.key, stop.signal);
  } finally {
    await revokeKeys(key, made, child !== null).catch(() => undefined);
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await exited;
    }
  }
}

main().catch((error: unknown) => {
  const message = error instanceof DemoError ? error.message : String(error);
  process.stderr.write(`outlay demo: ${message}\n`);
  process.exitCode = 1;
});
