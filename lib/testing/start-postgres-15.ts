import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";

const BIN = "/usr/lib/postgresql/15/bin";

/** A throwaway PostgreSQL 15 on loopback; everything it wrote goes with `stop`. */
export interface PostgresServer {
  /** Makes an empty database and gives its URL. */
  createDatabase(name?: string): string;
  /** Stops the server and keeps its files, as an outage does. */
  pause(): void;
  resume(): void;
  stop(): void;
}

/** Whether Debian's package is installed; without it a test says loudly that it did not run. */
export const hasPostgres15 = fs.existsSync(path.join(BIN, "initdb"));

/**
 * Starts PostgreSQL 15. It refuses to run as root, so root becomes the package's own `postgres`.
 * @throws Error with the server's words when it does not start.
 */
export async function startPostgres15(): Promise<PostgresServer> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-pg15-"));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) execFileSync("chown", ["postgres", dir]);
  const port = await freePort();
  const run = (program: string, ...args: string[]) => {
    const command = [path.join(BIN, program), ...args];
    const [file = "", ...rest] = isRoot ? ["runuser", "-u", "postgres", "--", ...command] : command;
    // A server that inherited our pipes would keep the call waiting for their end.
    return execFileSync(file, rest, { cwd: dir, stdio: ["ignore", "ignore", "ignore"] });
  };
  const data = path.join(dir, "data");
  run("initdb", "-D", data, "-U", "outlay", "-A", "trust", "-E", "UTF8", "--no-sync");
  const options = `-p ${port} -h 127.0.0.1 -k ${dir} -c fsync=off -c timezone=Asia/Kolkata`;
  const resume = () => {
    run("pg_ctl", "-D", data, "-w", "-o", options, "-l", path.join(dir, "log"), "start");
  };
  const pause = () => {
    run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop");
  };
  resume();
  return {
    createDatabase(name = `t_${randomUUID().replaceAll("-", "")}`) {
      run("createdb", "-h", "127.0.0.1", "-p", String(port), "-U", "outlay", name);
      return `postgres://outlay@127.0.0.1:${port}/${name}`;
    },
    pause,
    resume,
    stop() {
      try {
        pause();
      } finally {
        fs.rmSync(dir, { recursive: true, force: true });
      }
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
