import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** The built server on an empty data directory of its own, and a key that may do everything. */
export interface ServerProcess {
  url: string;
  key: string;
  /** The one-time link that it printed; null where somebody has an account. */
  setupUrl: string | null;
  dataDir: string;
  pid: number;
  /** From the spawn to the printed address, in ms. */
  readyMs: number;
  stop(): Promise<void>;
}

/** Starts `dist/server.js` on a free port and waits for its address. */
export async function startServer(
  options: { dataDir?: string; env?: Record<string, string> } = {},
): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? makeDataDir();
  const key = `bench_${randomBytes(16).toString("hex")}`;
  const begunMs = performance.now();
  const child = spawn(process.execPath, ["dist/server.js"], {
    env: {
      ...process.env,
      NODE_ENV: "production",
      UV_THREADPOOL_SIZE: "16",
      PORT: "0",
      OUTLAY_DATA_DIR: dataDir,
      OUTLAY_API_KEY: key,
      OUTLAY_LOG_LEVEL: "error",
      ...options.env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { url, setupUrl } = await waitForAddress(child);
  return {
    url,
    key,
    setupUrl,
    dataDir,
    pid: child.pid ?? 0,
    readyMs: performance.now() - begunMs,
    stop: async () => {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** An empty folder for the stores, removed by whoever made it. */
export function makeDataDir(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), "outlay-bench-"));
}

function waitForAddress(child: ChildProcess): Promise<{ url: string; setupUrl: string | null }> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const url = /ready on (http:\S+)/.exec(text)?.[1];
      if (url) resolve({ url, setupUrl: /(http:\S+\/setup\?token=\S+)/.exec(text)?.[1] ?? null });
    });
  });
}

/** Resident memory of a process in MiB: now, and the highest it ever was (Linux). */
export function residentMib(pid: number): { now: number; peak: number } {
  const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
  const read = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) / 1024;
  return { now: read("VmRSS"), peak: read("VmHWM") };
}
