import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isLostLookup, isWriteToLostConnection } from "@/db/survive-lost-connection";

/** AuthenticationOk, ReadyForQuery: what a server says before the driver asks it anything. */
const WELCOME = Buffer.from([
  ...[0x52, 0, 0, 0, 8, 0, 0, 0, 0],
  ...[0x5a, 0, 0, 0, 5, "I".charCodeAt(0)],
]);

/** A PostgreSQL that goes away at the first question of every connection. */
async function serveUntilAsked() {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write(WELCOME);
      socket.once("data", () => socket.resetAndDestroy());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `postgres://outlay@127.0.0.1:${port}/x`, connections: () => connections };
}

test("PostgreSQL that goes away while a connection is made ends no process: who asked is told, each time", async () => {
  const server = await serveUntilAsked();
  const file = path.join(import.meta.dirname, "testing/ask-postgres.ts");
  const child = spawn(process.execPath, ["--import", "tsx", file, server.url], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(server.connections()).toBe(3);
});

test("no other fault is taken for a lost connection", () => {
  const asked = (query: string, code: string) => Object.assign(new Error("x"), { query, code });
  const lookup = "select b.oid, b.typarray from pg_catalog.pg_type a";
  expect(isLostLookup(asked(lookup, "ECONNRESET"))).toBe(true);
  expect(isLostLookup(asked(lookup, "57P01"))).toBe(true);
  expect(isLostLookup(asked(lookup, "42501"))).toBe(false);
  expect(isLostLookup(asked("select 1", "ECONNRESET"))).toBe(false);
  expect(isLostLookup(new Error("ECONNRESET"))).toBe(false);
  expect(isWriteToLostConnection(new TypeError("null is not a number"))).toBe(false);
});
