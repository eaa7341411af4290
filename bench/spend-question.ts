import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { residentMib, startServer } from "./server-process";
import { median, percentile } from "./statistics";

/** Half as long again as a rebuild of ten million calls took on two cores. */
const REBUILD_MS = 150_000;

/** How long `GET /api/spend` takes for thirty days by feature, in ms, and the memory it left, in MiB. */
export interface QuestionFigures {
  calls: number;
  p50Ms: number;
  p95Ms: number;
  peakMib: number;
}

/** Asks for thirty days by feature of `calls` calls, `runs` times after a warm-up, as a page does. */
export async function measureSpendQuestion(
  calls: number,
  runs: number,
): Promise<{ all: QuestionFigures; cost: QuestionFigures }> {
  const first = await startServer();
  const { projects } = (await ask(first.url, first.key, "/api/projects")) as {
    projects: { id: string; slug: string }[];
  };
  const projectId = projects.find((project) => project.slug === "default")?.id ?? "";
  await first.stop();
  const endSeconds = Math.floor(Date.now() / 900_000) * 900;
  const script = ["--import", "tsx", "bench/fill-calls.ts", first.dataDir, projectId];
  execFileSync(process.execPath, [...script, String(calls), String(endSeconds)], {
    stdio: "inherit",
  });
  const server = await startServer({ dataDir: first.dataDir });
  // Rollups of 2,880 closed buckets are rebuilt in the background; before that the answer is the same, only slower.
  await sleep(REBUILD_MS);
  const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
  const query = new URLSearchParams({
    project: "default",
    from: iso(endSeconds - 30 * 86_400),
    to: iso(endSeconds),
    tz: "UTC",
    interval: "total",
    group_by: "feature",
  });
  const measure = async (figures: string): Promise<QuestionFigures> => {
    const times: number[] = [];
    for (let run = 0; run < runs + 3; run += 1) {
      const begunMs = performance.now();
      const answer = (await ask(server.url, server.key, `/api/spend?${query}${figures}`)) as {
        total: { calls: number };
      };
      const tookMs = performance.now() - begunMs;
      if (Number(answer.total.calls) !== calls) {
        throw new Error(`the answer counts ${answer.total.calls} calls, not ${calls}`);
      }
      if (run >= 3) times.push(tookMs);
    }
    const { peak } = residentMib(server.pid);
    return { calls, p50Ms: median(times), p95Ms: percentile(times, 0.95), peakMib: peak };
  };
  const cost = await measure("&figures=cost_usd,calls");
  const all = await measure("");
  await server.stop();
  fs.rmSync(first.dataDir, { recursive: true, force: true });
  return { all, cost };
}

async function ask(url: string, key: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}
