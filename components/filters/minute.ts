const MINUTE_MS = 60_000;

/** The present minute in milliseconds, as every question of a screen takes it. */
export function currentMinute(): number {
  return Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
}
