import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { openPostgres } from "@/db/postgres";
import { alerts } from "@/db/schema/alerts";
import { makeChannel, openNoticeWorld, webhook } from "@/lib/alerts/testing/notice-world";
import type { NotifyOptions } from "@/lib/alerts/testing/notify-until-killed";
import { createLog } from "@/lib/log";
import { placeTestCluster } from "@/lib/testing/open-test-postgres";
import { type Receiver, serveReceiver } from "@/lib/testing/serve-receiver";
import { hasPostgres15, startPostgres15 } from "@/lib/testing/start-postgres-15";

const log = createLog("silent");

/** Where a process dies: at a transaction of its own, or when its n-th notice has arrived, before or after the answer. */
const DEATHS: {
  death: NotifyOptions["death"];
  afterNotices: number | null;
  isAnswered: boolean;
}[] = [
  { death: { nth: 3, when: "before" }, afterNotices: null, isAnswered: true },
  { death: { nth: 4, when: "during" }, afterNotices: null, isAnswered: true },
  { death: { nth: 7, when: "after" }, afterNotices: null, isAnswered: true },
  { death: null, afterNotices: 2, isAnswered: false },
  { death: null, afterNotices: 5, isAnswered: true },
];

/** @returns the keys that were committed for sure */
async function runUntilKilled(
  options: NotifyOptions,
  receiver: Receiver,
  { afterNotices, isAnswered }: (typeof DEATHS)[number],
): Promise<string[]> {
  const file = path.join(import.meta.dirname, "testing", "notify-until-killed.ts");
  const child = spawn(process.execPath, ["--import", "tsx", file, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  let arrived = 0;
  receiver.answer = (response) => {
    arrived += 1;
    if (arrived !== afterNotices) return void response.end("ok");
    if (isAnswered) response.end("ok", () => child.kill("SIGKILL"));
    else child.kill("SIGKILL");
  };
  const keys: string[] = [];
  for await (const key of createInterface({ input: child.stdout })) keys.push(key);
  expect((await ended)[1]).toBe("SIGKILL");
  return keys;
}

const STORES = [
  { pair: "in the process", open: () => ({ databaseUrl: null, stop: () => undefined }) },
  {
    pair: "on a server, which goes on",
    open: async () => {
      const postgres = await startPostgres15();
      return { databaseUrl: postgres.createDatabase(), stop: () => postgres.stop() };
    },
  },
];

// In a run of everything on the harder one, which goes on while the others die.
const isLong = process.env.SOAK !== undefined || !hasPostgres15;
const TRIED = STORES.slice(isLong ? 0 : 1, hasPostgres15 ? 2 : 1);

describe.each(TRIED)("the store $pair", ({ open }) => {
  test("kill -9 between recording, telling and sending loses no alert that was committed, and doubles no notice", async () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-told-"));
    const receiver = await serveReceiver();
    const { databaseUrl, stop } = await open();
    try {
      if (databaseUrl === null) await placeTestCluster(dir);
      const first = await openPostgres({ databaseUrl, dataDir: dir, log });
      await makeChannel(first, webhook(`${receiver.url}/hook`));
      await first.close();
      const committed: string[] = [];
      for (const [number, one] of DEATHS.entries()) {
        const options = { dir, databaseUrl, name: `p${number}`, death: one.death };
        committed.push(...(await runUntilKilled(options, receiver, one)));
      }
      receiver.answer = (response) => response.end("ok");
      const postgres = await openPostgres({ databaseUrl, dataDir: dir, log });
      const world = openNoticeWorld(postgres);
      // Later than any claim of the dead.
      world.nowMs = Date.now() + 120_000;
      world.wake();
      const stored = (await postgres.db.select().from(alerts)).map(({ id, key }) => ({
        id,
        key,
      }));
      await expect
        .poll(() => world.states(), { timeout: 120_000, interval: 500 })
        .toEqual({ sent: stored.length });
      await world.close();
      await postgres.close();

      expect(stored.map(({ key }) => key)).toEqual(expect.arrayContaining(committed));
      expect(committed.length).toBeGreaterThan(5);
      // A notice that arrived and was not written down comes again under its id, by which a receiver knows it.
      const byId = new Map<string, string>();
      for (const { headers, body } of receiver.received) {
        byId.set(String(headers["outlay-notice-id"]), body);
      }
      const told = [...byId.values()].flatMap(
        (body) => (JSON.parse(body) as { alerts: { id: string }[] }).alerts,
      );
      expect(told.map(({ id }) => id).sort()).toEqual(stored.map(({ id }) => id).sort());
      // Only what was in flight, or not written down yet, at a death came twice: one notice of a channel.
      expect(receiver.received.length - byId.size).toBeLessThanOrEqual(DEATHS.length);
    } finally {
      stop();
      await receiver.close();
      fs.rmSync(dir, { recursive: true, force: true });
    }
  }, 600_000);
});
