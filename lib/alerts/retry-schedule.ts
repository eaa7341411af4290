const FIRST_MS = 30_000;
const MAX_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Of the wait, either way: what failed at once must not come again at once. */
const JITTER = 0.2;

/** How long after a failed try the next one is due, before jitter; milliseconds. @param attempts tries so far, from 1 */
function waitAfter(attempts: number): number {
  return Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20));
}

/** Tries whose waits make a day. */
export const MAX_ATTEMPTS = countAttempts();

function countAttempts(): number {
  let attempts = 1;
  for (let waitedMs = 0; waitedMs < DAY_MS; attempts++) waitedMs += waitAfter(attempts);
  return attempts;
}

/**
 * When a failed delivery is due again.
 * @param failed.attempts tries so far @param failed.retryAfterMs what the receiver asked for, if it did
 * @param random from 0 to below 1
 * @returns milliseconds from now; null: it is given up
 */
export function nextTryIn(
  failed: { attempts: number; retryAfterMs: number | null },
  random: number,
): number | null {
  if (failed.attempts >= MAX_ATTEMPTS) return null;
  const waitMs = waitAfter(failed.attempts) * (1 + JITTER * (2 * random - 1));
  // A receiver that asks for a year is not waited for: by then nobody needs the notice.
  return Math.round(Math.max(waitMs, Math.min(failed.retryAfterMs ?? 0, DAY_MS)));
}
