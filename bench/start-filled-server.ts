import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { NamedData } from "./named-data";
import { type ServerProcess, startServer } from "./server-process";
import { waitUntilQuiet } from "./wait-until-quiet";

/**
 * Blocks of days are built when their days have rested for six minutes (lib/rollups): data that was filled at once has
 * none before, and a live system is without one of them for a few minutes a day.
 */
const BLOCKS_REST_MS = 420_000;
/** So much of the data lies ahead when it is filled: two buckets at least are open, and read raw, when it is asked. */
const AHEAD_SECONDS = 2_700;

/** A server whose default project holds the named data, with its rollups rebuilt. */
export interface FilledServer {
  server: ServerProcess;
  data: NamedData;
  fillSeconds: number;
  /** The background rebuild of all rollups but the blocks, which are waited for, until the server is quiet. */
  rebuildSeconds: number;
}

/** Fills an empty data directory with so many calls of the named data, by a process of its own, and starts a server on it. */
export async function startFilledServer(
  calls: number,
  env: Record<string, string> = {},
): Promise<FilledServer> {
  const first = await startServer({ env });
  const headers = { authorization: `Bearer ${first.key}` };
  const response = await fetch(`${first.url}/api/projects`, { headers });
  if (!response.ok) throw new Error(`/api/projects answered ${response.status}`);
  const { projects } = (await response.json()) as { projects: { id: string; slug: string }[] };
  const projectId = projects.find((project) => project.slug === "default")?.id ?? "";
  await first.stop();
  const data = { calls, endSeconds: Math.ceil(Date.now() / 900_000) * 900 + AHEAD_SECONDS };
  const filledMs = performance.now();
  const script = ["--import", "tsx", "bench/fill-calls.ts", first.dataDir, projectId];
  execFileSync(process.execPath, [...script, String(calls), String(data.endSeconds)], {
    stdio: "inherit",
    env: { ...process.env, UV_THREADPOOL_SIZE: "16" },
  });
  const fillSeconds = (performance.now() - filledMs) / 1000;
  const server = await startServer({ dataDir: first.dataDir, env });
  const rebuildSeconds = await waitUntilQuiet(server.pid);
  await sleep(BLOCKS_REST_MS);
  await waitUntilQuiet(server.pid);
  return { server, data, fillSeconds, rebuildSeconds };
}
