import type { Log } from "@/lib/log";

/**
 * Keeps this process alive when PostgreSQL goes away at two moments where the driver (postgres.js, up to 3.4.9 at least)
 * lets nobody catch it. In the middle of a transaction it writes the transaction's end to a connection that is gone, from a
 * timer (porsager/postgres#1208); the transaction itself was told, and is tried again by whoever asked for it. And on a new
 * connection it asks for the array types by itself; who asked for the connection is told. Any other exception that nobody
 * caught ends the process, as it does without this.
 */
export function surviveLostConnection(log: Log): void {
  process.on("uncaughtException", (error) => {
    if (isWriteToLostConnection(error)) {
      log.warn({ err: error }, "PostgreSQL went away in the middle of a transaction");
      return;
    }
    if (isLostLookup(error)) {
      log.warn({ err: error }, "PostgreSQL went away while a connection to it was made");
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

/** SQLSTATE's connection exceptions and ends of the server, the driver's own, and the network's. */
const LOST = /^(08|57P|CONNECTION_|ECONN|EPIPE$|ETIMEDOUT$)/;

/** True for the driver's own question on a new connection, where the connection was lost with it. */
export function isLostLookup(error: unknown): boolean {
  if (!(error instanceof Error && "query" in error && "code" in error)) return false;
  return String(error.query).includes("b.typarray") && LOST.test(String(error.code));
}
