import fs from "node:fs";
import path from "node:path";
import { isStartError, StartError } from "@/lib/start-error";

interface Owner {
  pid: number;
  /** When that process began, in the kernel's ticks: a recycled pid has another. Empty where /proc is missing. */
  startedAt: string;
}

/** A killed process needs a moment to give back a gigabyte; a restart at once shall not fail for it. */
const DYING_MS = 3_000;
const POLL_MS = 50;

/** Fields of /proc/<pid>/stat from the third on; empty where the system does not tell. */
function statOf(pid: number): string[] {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in brackets and may hold blanks; the rest follows the last bracket.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

/** Start time of a process (field 22), or "" where the system does not tell. */
function startOf(pid: number): string {
  return statOf(pid)[19] ?? "";
}

/** Ended, and its parent has not asked how: it holds no file any more once its last thread is gone (field 20). */
function isZombie(pid: number): boolean {
  const stat = statOf(pid);
  return stat[0] === "Z" && Number(stat[17]) <= 1;
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return startOf(owner.pid) === owner.startedAt && !isZombie(owner.pid);
}

/** Whether an owner lives on, after the moment that a killed one takes to end. Blocks: nothing is open yet. */
function staysAlive(owner: Owner): boolean {
  const untilMs = Date.now() + DYING_MS;
  while (isAlive(owner)) {
    if (owner.pid === process.pid || Date.now() >= untilMs) return true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  return false;
}

function readOwner(file: string): Owner | null {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, "utf8"));
    if (typeof value !== "object" || value === null) return null;
    if (!("pid" in value) || !("startedAt" in value)) return null;
    return { pid: Number(value.pid), startedAt: String(value.startedAt) };
  } catch {
    return null;
  }
}

/**
 * Makes the data directory and claims it for this process, because PGlite takes no lock: a second process
 * writes into the same files and its rows are gone.
 *
 * A file with the owner's pid and start time, not a socket: a path may be too long for one, and a crashed
 * owner (kill -9, power cut) leaves a file that names a process which is no longer there.
 * @returns a function that gives it up.
 * @throws StartError when it cannot be written or another live process has it.
 */
export function claimDataDir(dir: string): () => void {
  const file = path.join(dir, "lock.json");
  const self: Owner = { pid: process.pid, startedAt: startOf(process.pid) };
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
    fs.accessSync(dir, fs.constants.W_OK);
    for (let attempt = 0; ; attempt += 1) {
      try {
        fs.writeFileSync(file, JSON.stringify(self), { flag: "wx", mode: 0o600 });
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 2) throw error;
        const owner = readOwner(file);
        if (owner && staysAlive(owner)) {
          throw new StartError(
            `the data directory ${dir} is in use by process ${owner.pid}: stop that one first, or set OUTLAY_DATA_DIR to another folder.`,
          );
        }
        fs.rmSync(file, { force: true });
      }
    }
  } catch (error) {
    if (isStartError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`the data directory ${dir} cannot be written (${reason}).`);
  }
  return () => {
    if (readOwner(file)?.pid === process.pid) fs.rmSync(file, { force: true });
  };
}
