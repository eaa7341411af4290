import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const TICKS_A_SECOND = 100;
const LOOK_MS = 1_000;
/** So long without work: longer than the pause between two statements of a background job. */
const QUIET_LOOKS = 5;
const QUIET_CORES = 0.15;
const PATIENCE_MS = 900_000;

/**
 * Waits until a process has used next to no processor for five seconds (Linux): what it does in the background is done.
 * @returns the seconds until it fell quiet. @throws Error after a quarter of an hour
 */
export async function waitUntilQuiet(pid: number): Promise<number> {
  const begunMs = performance.now();
  let quietLooks = 0;
  let before = ticksOf(pid);
  while (quietLooks < QUIET_LOOKS) {
    if (performance.now() - begunMs > PATIENCE_MS) throw new Error(`process ${pid} is never quiet`);
    await sleep(LOOK_MS);
    const now = ticksOf(pid);
    const cores = ((now - before) / TICKS_A_SECOND) * (1_000 / LOOK_MS);
    quietLooks = cores < QUIET_CORES ? quietLooks + 1 : 0;
    before = now;
  }
  return (performance.now() - begunMs - QUIET_LOOKS * LOOK_MS) / 1000;
}

/** Processor time used so far, in hundredths of a second. The name of a process may hold blanks; after it none do. */
function ticksOf(pid: number): number {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}
