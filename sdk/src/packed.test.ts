import { type ExecFileException, execFile, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { engaged, type FakeOutlay, openFakeOutlay } from "./testing/fake-outlay.ts";

let folder: string;
let server: FakeOutlay;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-sdk-"));
  const script = pathToFileURL(path.resolve(import.meta.dirname, "../../scripts/build-sdk.mjs"));
  const { buildSdk } = (await import(script.href)) as {
    buildSdk(folder: string): Promise<string>;
  };
  await buildSdk(path.join(folder, "node_modules/@outlay/sdk"));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = await openFakeOutlay();
});
afterEach(() => server.close());

/** How a process ended. */
interface End {
  code: number | string | null;
  signal: string | null;
  stdout: string;
}

const START = 'import { createOutlay } from "@outlay/sdk";';
const CALL = 'await outlay.guard.tool("search", () => 1);';

function write(name: string, code: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, code);
  return file;
}

function runScript(code: string, name = "script.mjs"): Promise<End> {
  const env = { NODE_ENV: "test" as const, OUTLAY_URL: server.url, OUTLAY_API_KEY: "secret-key" };
  return new Promise((resolve) => {
    const done = (error: ExecFileException | null, stdout: string) =>
      resolve({ code: error?.code ?? 0, signal: error?.signal ?? null, stdout });
    execFile(process.execPath, [write(name, code)], { env }, done);
  });
}

/** Starts a script that says "ready", sends it a signal then, and says how it ended. */
async function signalScript(code: string, signal: NodeJS.Signals): Promise<End> {
  const env = { NODE_ENV: "test" as const, OUTLAY_URL: server.url, OUTLAY_API_KEY: "secret-key" };
  const child = spawn(process.execPath, [write("signalled.mjs", code)], { env });
  let stdout = "";
  child.stdout.on("data", (piece: Buffer) => {
    if (stdout === "") child.kill(signal);
    stdout += piece.toString();
  });
  return new Promise((resolve) =>
    child.on("exit", (exitCode, by) => resolve({ code: exitCode, signal: by, stdout })),
  );
}

test("a process that has nothing else to do ends, with a policy's stream open, and what it did is told", async () => {
  const end = await runScript(
    `${START} const outlay = createOutlay({ agent: "a" }); ${CALL}
     while (outlay.status().policy.state !== "live") await new Promise((r) => setTimeout(r, 5));
     console.log("done");`,
  );
  expect(end).toEqual({ code: 0, signal: null, stdout: "done\n" });
  expect(server.events()).toHaveLength(1);
});

test("what stands behind the guard's closing is done: nothing else keeps that process", async () => {
  const end = await runScript(
    `${START} const outlay = createOutlay({ agent: "a", flushAtExit: false }); ${CALL}
     while (outlay.status().policy.state !== "live") await new Promise((r) => setTimeout(r, 5));
     await outlay.close(); console.log("behind");`,
  );
  expect(end).toEqual({ code: 0, signal: null, stdout: "behind\n" });
});

test("CommonJS loads the same guard; one that both load is one run and one kind of error", async () => {
  const end = await runScript(
    `const { outlay, createOutlay, AgentHaltedError } = require("@outlay/sdk");
     import("@outlay/sdk").then(async (esm) => {
       const other = esm.createOutlay();
       await outlay.run({ agent: "a" }, async (run) => {
         console.log(other.currentRun() === run);
       });
       console.log(new esm.AgentHaltedError({ code: "kill_switch", reason: "r" }) instanceof AgentHaltedError);
     });`,
    "script.cjs",
  );
  expect(end).toEqual({ code: 0, signal: null, stdout: "true\ntrue\n" });
  await vi.waitFor(() => expect(server.events()).toHaveLength(1));
});

test("a signal ends the process as it would without us, after what was queued is sent", async () => {
  const code = `${START} const outlay = createOutlay(); ${CALL}
    setInterval(() => {}, 1000); console.log("ready");`;
  expect(await signalScript(code, "SIGTERM")).toMatchObject({ code: null, signal: "SIGTERM" });
  expect(server.events()).toHaveLength(1);
});

test("where the process itself listens for a signal, its end stays its own", async () => {
  const code = `${START} const outlay = createOutlay(); ${CALL}
    process.on("SIGINT", async () => { await outlay.close(); process.exit(7); });
    setInterval(() => {}, 1000); console.log("ready");`;
  expect(await signalScript(code, "SIGINT")).toMatchObject({ code: 7, signal: null });
  expect(server.events()).toHaveLength(1);
});

test("what could not be sent is kept in the spool and sent by the next process under the same id, once", async () => {
  const spoolDir = path.join(folder, "spool");
  const code = `${START} const outlay = createOutlay({ spoolDir: ${JSON.stringify(spoolDir)} });`;
  server.answer("/v1/", () => null);
  const away = await runScript(`${code} ${CALL} ${CALL}`);
  expect(away.code).toBe(0);
  expect(fs.readdirSync(spoolDir)).toHaveLength(1);
  server.answer("/v1/", () => undefined);
  await runScript(
    `${code} while (outlay.status().spooled > 0) await new Promise((r) => setTimeout(r, 5));`,
  );
  expect(server.events().map(({ sequence }) => sequence)).toEqual([1, 2]);
  expect(fs.readdirSync(spoolDir)).toEqual([]);
});

test("the key is in no message, and a guard without one says what is missing", async () => {
  server.answer("/v1/", () => ({ status: 401, body: { detail: "This key is unknown." } }));
  const end = await runScript(
    `${START} const outlay = createOutlay(); ${CALL} await outlay.flush(100);
     console.log(JSON.stringify(outlay.status()));
     try { createOutlay({ url: "secret-key" }); } catch (error) { console.log(String(error)); }
     try { createOutlay({ agnet: "a" }); } catch (error) { console.log(String(error)); }`,
  );
  expect(end.stdout).toContain("This key is unknown.");
  expect(end.stdout).toContain("url must be http(s)://host");
  expect(end.stdout).toContain("there is no option agnet");
  expect(end.stdout).not.toContain("secret-key");
});

/** What every edge runtime has, and nothing of Node's. */
const WEB_APIS = {
  ...{
    AbortController,
    AbortSignal,
    TextDecoder,
    TextEncoder,
    URL,
    URLSearchParams,
    crypto,
    fetch,
  },
  ...{
    ReadableStream,
    Response,
    TransformStream,
    clearInterval,
    clearTimeout,
    performance,
    setInterval,
    setTimeout,
  },
};

/** Loads the package as an edge runtime does that has these globals. */
function loadOnEdge(globals: object): typeof import("./edge.ts") {
  const file = path.join(folder, "node_modules/@outlay/sdk/dist/edge.cjs");
  const module = { exports: {} };
  vm.runInNewContext(fs.readFileSync(file, "utf8"), { ...WEB_APIS, ...globals, module });
  return module.exports as typeof import("./edge.ts");
}

test("a runtime that has web APIs alone runs, counts, is told of a switch, and sends; runs are passed on by hand", async () => {
  const { createOutlay, AgentHaltedError } = loadOnEdge({});
  const outlay = createOutlay({ url: server.url, apiKey: "k", agent: "planner" });
  const used = await outlay.run({ limits: { tool_calls: 2 } }, async (run) => {
    await outlay.guard.tool("search", () => 1, { run });
    expect(outlay.currentRun()).toBeNull();
    return run.summary();
  });
  expect(used).toMatchObject({ toolCalls: 1 });
  await vi.waitFor(() => expect(outlay.status().policy.state).toBe("live"));
  server.setPolicy({ kill_switches: [engaged("planner")] });
  await vi.waitFor(async () => {
    const refused = await outlay.guard.tool("search", () => 1).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AgentHaltedError);
  });
  await outlay.close();
  expect(server.events()).toContainEqual(expect.objectContaining({ type: "agent" }));
  expect(server.of("/v1/agents/heartbeat").at(-1)?.body).toMatchObject({ state: "ended" });
});

test("where Node's modules are there without being imported, a run is found by what it calls", async () => {
  const { createOutlay } = loadOnEdge({ process: { getBuiltinModule: process.getBuiltinModule } });
  const outlay = createOutlay({ disabled: true });
  await outlay.run({}, async (run) => expect(outlay.currentRun()).toBe(run));
});
