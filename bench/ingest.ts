import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { eventsOf } from "./call-stream";
import { postBodies, waitUntilDrained } from "./post-events";
import { makeDataDir, residentMib, startServer } from "./server-process";
import { median } from "./statistics";

const BATCH = 1_000;
const CONNECTIONS = 4;
const ROWS_A_BLOCK = 50_000;

/** Events a second by both ways, and the server's resident memory in MiB. */
export interface IngestFigures {
  events: number;
  eventsPerSecond: number;
  engineRowsPerSecond: number;
  /** Median of the pairs' ratios. */
  ratio: number;
  ratios: number[];
  /** Highest during the very first start on an empty directory. */
  firstStartMib: number;
  peakMib: number;
}

/**
 * Posts `events` events in batches of 1,000 until they are queryable, then gives the same rows to the engine
 * alone, `pairs` times in turn.
 */
export async function measureIngest(events: number, pairs: number): Promise<IngestFigures> {
  // Over the last three hours: what live traffic looks like to the store.
  const startMs = Date.now() - 3 * 3_600_000;
  const bodies = Array.from({ length: events / BATCH }, (_, index) =>
    Buffer.from(
      JSON.stringify({ events: eventsOf(index * BATCH, BATCH, startMs, (3 * 3_600_000) / events) }),
    ),
  );
  const lines = path.join(makeDataDir(), "lines.ndjson");
  const runs: { ours: number; engine: number; firstStart: number; peak: number }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    // A second start: the first makes the PostgreSQL cluster, whose memory would hide that of the load.
    const first = await startServer();
    const firstStart = residentMib(first.pid).peak;
    await first.stop();
    const server = await startServer({ dataDir: first.dataDir });
    const begunMs = performance.now();
    await postBodies(server, bodies, CONNECTIONS);
    await waitUntilDrained(server);
    const seconds = (performance.now() - begunMs) / 1000;
    const peak = residentMib(server.pid).peak;
    await server.stop();
    if (pair === 0) tsx("bench/export-lines.ts", server.dataDir, lines);
    fs.rmSync(server.dataDir, { recursive: true, force: true });
    const engineSeconds = Number(tsx("bench/engine-insert.ts", lines, String(ROWS_A_BLOCK)));
    runs.push({ ours: events / seconds, engine: events / engineSeconds, firstStart, peak });
  }
  fs.rmSync(path.dirname(lines), { recursive: true, force: true });
  const ratios = runs.map((run) => run.ours / run.engine);
  return {
    events,
    eventsPerSecond: median(runs.map((run) => run.ours)),
    engineRowsPerSecond: median(runs.map((run) => run.engine)),
    ratio: median(ratios),
    ratios,
    firstStartMib: Math.max(...runs.map((run) => run.firstStart)),
    peakMib: Math.max(...runs.map((run) => run.peak)),
  };
}

function tsx(script: string, ...args: string[]): string {
  const env = { ...process.env, UV_THREADPOOL_SIZE: "16" };
  return execFileSync(process.execPath, ["--import", "tsx", script, ...args], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}
