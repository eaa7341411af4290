import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { openPostgres } from "@/db/postgres";
import { openTestIngest } from "@/ingest/testing/open-ingest";
import { startProcess } from "@/ingest/testing/start-process";
import { createLog } from "@/lib/log";
import { placeTestCluster } from "@/lib/testing/open-test-postgres";

const CONNECTIONS = process.env.SOAK ? 200 : 40;
const EVENTS = 2_000;
/** Unpacked, a little under the largest body there may be. */
const BODY_BYTES = 19 * 1024 * 1024;
/** What the whole process may hold, stores included: the same bound as of the benchmark. */
const MAX_RESIDENT_MIB = 1536;

/** A body of 19 MiB: some thousand events with long tags, without ids: each that is taken is one more. */
function makeBody(): Buffer {
  const filler = "x".repeat(Math.floor(BODY_BYTES / EVENTS / 10) - 12);
  const metadata = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`tag-${i}`, filler]));
  const lines = Array.from({ length: EVENTS }, () =>
    JSON.stringify({
      timestamp: "2025-11-03T09:15:00Z",
      provider: "openai",
      model: "gpt-5",
      usage: { input_tokens: 10, output_tokens: 1 },
      metadata,
    }),
  );
  return gzipSync(lines.join("\n"), { level: 1 });
}

/** The most that a process ever held, in MiB. */
function peakResidentMib(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

test.skipIf(process.platform !== "linux")(
  `${CONNECTIONS} bodies of ${BODY_BYTES} bytes at once are taken or told to come back, within ${MAX_RESIDENT_MIB} MiB, and what was taken is there`,
  async () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-overload-"));
    await placeTestCluster(dir);
    const server = await startProcess({ dir });
    onTestFinished(() => server.kill("SIGKILL"));
    const body = new Uint8Array(makeBody());
    const answers = await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        const response = await fetch(`${server.url}/v1/events`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${server.keys.default}`,
            "content-type": "application/x-ndjson",
            "content-encoding": "gzip",
          },
          body,
        });
        const isLater = response.headers.has("retry-after");
        return { status: response.status, isLater, text: await response.text() };
      }),
    );
    for (const { status, isLater } of answers) {
      expect([202, 429, 503]).toContain(status);
      expect(isLater).toBe(status !== 202);
    }
    const taken = answers.filter(({ status }) => status === 202);
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.length).toBeLessThan(CONNECTIONS);
    for (const { text } of taken) expect(JSON.parse(text)).toMatchObject({ accepted: EVENTS });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(peakResidentMib(server.pid)).toBeLessThan(MAX_RESIDENT_MIB);
    server.kill("SIGKILL");
    await server.ended;

    const log = createLog("silent");
    const postgres = await openPostgres({ databaseUrl: null, dataDir: dir, log });
    const ingest = await openTestIngest({ dir, postgres });
    onTestFinished(() => ingest.close());
    await ingest.calls.drained();
    const rows = await ingest.clickhouse.query("SELECT count() AS calls FROM llm_calls FINAL");
    expect(rows).toEqual([{ calls: String(taken.length * EVENTS) }]);
  },
  600_000,
);
