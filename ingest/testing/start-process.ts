import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import type { ProcessOptions, ServedAddress } from "@/ingest/testing/process-options";

/** A machine side in a process of its own. */
export interface TestProcess extends ServedAddress {
  pid: number;
  /** Resolves with its exit code or the signal that ended it. */
  ended: Promise<number | string>;
  kill(signal: "SIGKILL" | "SIGTERM"): void;
}

/** A process that ended before it served. */
export class DiedAtStartError extends Error {
  /** Its exit code, or the signal that ended it. */
  readonly how: number | string;
  constructor(how: number | string) {
    super(`the process ended (${how}) before it served`);
    this.how = how;
  }
}

/** Starts one and waits until it serves. @throws DiedAtStartError */
export async function startProcess(
  options: Partial<ProcessOptions> & { dir: string },
): Promise<TestProcess> {
  const file = path.join(import.meta.dirname, "serve-until-killed.ts");
  const whole: ProcessOptions = {
    databaseUrl: null,
    clickhouseUrl: null,
    clockMs: 0,
    isHasty: false,
    deathWish: null,
    ...options,
  };
  const child = spawn(process.execPath, ["--import", "tsx", file, JSON.stringify(whole)], {
    // Its end says that nobody is there any more who would end the process.
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = endOf(child);
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    once(lines, "line"),
    ended.then((how) => Promise.reject(new DiedAtStartError(how))),
  ]);
  const address = JSON.parse(String(line[0])) as ServedAddress;
  return {
    ...address,
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

async function endOf(child: ChildProcess): Promise<number | string> {
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return signal ?? code ?? -1;
}
