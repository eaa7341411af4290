import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { waitUntilDrained } from "./post-events";
import { residentMib, startServer } from "./server-process";
import type { LoadFigures, LoadJob } from "./single-event-load";
import { median } from "./statistics";

const CONNECTIONS = 16;

/** One event a request at 16 connections, and what plain `node:http` does with the same requests. */
export interface SingleEventFigures {
  requests: number;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  bareRequestsPerSecond: number;
  /** Median of the pairs' ratios, ours by bare. */
  ratio: number;
  ratios: number[];
  /** Highest resident memory of the server, MiB. */
  peakMib: number;
}

/**
 * Sends `count` requests of one event each, after a fifth as many to warm up, to the built server and then to a bare
 * one, `pairs` times in turn. Every answer must be a 202, so every event was flushed to disk before it.
 * @throws Error for any other answer
 */
export async function measureSingleEvents(count: number, pairs = 3): Promise<SingleEventFigures> {
  // A second start: the first makes the PostgreSQL cluster.
  const first = await startServer();
  await first.stop();
  const server = await startServer({ dataDir: first.dataDir });
  const ours: LoadFigures[] = [];
  const bare: LoadFigures[] = [];
  const warmUp = Math.ceil(count / 5);
  for (let pair = 0; pair < pairs; pair += 1) {
    const job = {
      kind: "event" as const,
      key: server.key,
      from: pair * (count + warmUp),
      warmUp,
      count,
    };
    ours.push(load({ ...job, url: server.url, connections: CONNECTIONS }));
    await waitUntilDrained(server);
    bare.push(await loadBareServer({ ...job, connections: CONNECTIONS }));
  }
  const peakMib = residentMib(server.pid).peak;
  await server.stop();
  fs.rmSync(first.dataDir, { recursive: true, force: true });
  const ratios = ours.map((run, i) => run.requestsPerSecond / (bare[i]?.requestsPerSecond ?? 0));
  return {
    requests: count,
    requestsPerSecond: median(ours.map((run) => run.requestsPerSecond)),
    p50Ms: median(ours.map((run) => run.p50Ms)),
    p99Ms: median(ours.map((run) => run.p99Ms)),
    bareRequestsPerSecond: median(bare.map((run) => run.requestsPerSecond)),
    ratio: median(ratios),
    ratios,
    peakMib,
  };
}

/** Runs a job in a process of its own. */
export function load(job: LoadJob): LoadFigures {
  const script = ["--import", "tsx", "bench/single-event-load.ts"];
  const text = execFileSync(process.execPath, script, {
    input: JSON.stringify(job),
    encoding: "utf8",
    stdio: ["pipe", "pipe", "inherit"],
  });
  return JSON.parse(text) as LoadFigures;
}

async function loadBareServer(job: Omit<LoadJob, "url">): Promise<LoadFigures> {
  const child = spawn(process.execPath, ["--import", "tsx", "bench/bare-http-server.ts"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [address] = (await once(child.stdout, "data")) as [Buffer];
  const figures = load({ ...job, url: address.toString().trim() });
  const exited = once(child, "exit");
  child.kill();
  await exited;
  return figures;
}
