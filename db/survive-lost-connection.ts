import type { Log } from "@/lib/log";

/**
 * Keeps this process alive when PostgreSQL goes away in the middle of a transaction. The driver (postgres.js, up to 3.4.9
 * at least) then writes the transaction's end to a connection that is gone, from a timer, where nobody can catch it
 * (porsager/postgres#1208); the transaction itself was told, and is tried again by whoever asked for it. Any other
 * exception that nobody caught ends the process, as it does without this.
 */
export function surviveLostConnection(log: Log): void {
  process.on("uncaughtException", (error) => {
    if (isWriteToLostConnection(error)) {
      log.warn({ err: error }, "PostgreSQL went away in the middle of a transaction");
      return;
    }
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
}

/** True for that one fault of the driver: a write to no socket, by its delayed write and nobody else. */
export function isWriteToLostConnection(error: unknown): boolean {
  if (!(error instanceof TypeError) || !error.message.includes("null")) return false;
  const [, thrower = ""] = (error.stack ?? "").split("\n").map((line) => line.trim());
  return /^at (Immediate\.)?nextWrite\b/.test(thrower);
}
