import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { openTestIngest } from "@/ingest/testing/open-ingest";
import { placeTestCluster } from "@/lib/testing/open-test-postgres";

/** Of each file, in KiB, as bash counts: PostgreSQL's log needs 16 MiB, and nothing but the spool needs more. */
const MAX_FILE_KIB = 20 * 1024;
const EVENTS_PER_REQUEST = 500;

test("a disk that is full answers 503 with a time to come back, and loses no acknowledged event", async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-small-disk-"));
  await placeTestCluster(dir);
  const script = path.join(import.meta.dirname, "..", "testing", "serve-on-small-disk.ts");
  const command = `ulimit -f ${MAX_FILE_KIB} && exec "$0" --import tsx "$1" "$2"`;
  const child = spawn("bash", ["-c", command, process.execPath, script, dir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const { url, key } = JSON.parse(line) as { url: string; key: string };
  const acknowledged: string[] = [];
  const post = async (request: number) => {
    const ids = Array.from({ length: EVENTS_PER_REQUEST }, (_, i) => `${request}-${i}`);
    const timestamp = "2026-01-01T00:00:00Z";
    const response = await fetch(`${url}/v1/events`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify(
        ids.map((id) => ({ id, timestamp, model: "gpt-5", name: "n".repeat(200) })),
      ),
    });
    if (response.status === 202) acknowledged.push(...ids);
    return response;
  };
  try {
    let response = await post(0);
    for (let request = 1; response.status === 202 && request < 200; request++) {
      response = await post(request);
    }
    expect(response.status).toBe(503);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await response.text()).toContain("Nothing of this request was kept");
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  } finally {
    child.kill("SIGKILL");
    await exit;
  }
  expect(acknowledged.length).toBeGreaterThan(EVENTS_PER_REQUEST);
  const ingest = await openTestIngest({ dir });
  try {
    const ids = (await ingest.rows()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const kept = new Set(ids);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  } finally {
    await ingest.close();
  }
});
