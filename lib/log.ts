import pino from "pino";

/** Structured logs, one JSON object a line on stdout. */
export type Log = pino.Logger;

/** A key or password in a log is a leak that outlives its rotation; fields that could hold one are blanked. */
export function createLog(level: pino.LevelWithSilent): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ["*.authorization", "*.password", "*.key", "*.secret", "headers.authorization"],
  });
}
