import { isStoreAway } from "@/db/is-store-away";
import { isOutlayError } from "@/lib/errors";
import type { Log } from "@/lib/log";

/** A part's answer, or why there is none. */
export type Part<Answer> = ({ known: true } & Answer) | { known: false; reason: string };

/** A part that takes longer than this is told as unknown: the others must not wait for it. */
const PART_MS = 5_000;

/** Asks one part of the health; its failure is its own, in words, and in the log. */
export async function askPart<Answer extends object>(
  context: { log: Log; requestId: string | null; partMs?: number },
  name: string,
  ask: () => Promise<Answer>,
): Promise<Part<Answer>> {
  const { log, requestId, partMs = PART_MS } = context;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(partMs)), partMs);
  });
  try {
    return { known: true, ...(await Promise.race([ask(), late])) };
  } catch (error) {
    log.warn({ err: error, requestId, part: name }, "a part of the health could not be asked");
    return { known: false, reason: reasonOf(error, requestId) };
  } finally {
    clearTimeout(timer);
  }
}

class TooLate extends Error {
  constructor(partMs: number) {
    super(`No answer within ${partMs / 1000} seconds.`);
  }
}

/** Nothing of a store's own words: they hold SQL. The log has them. */
function reasonOf(error: unknown, requestId: string | null): string {
  if (error instanceof TooLate || isOutlayError(error)) return error.message;
  if (isStoreAway(error)) return "The database is out of reach.";
  return `It could not be read. The log has the reason, under request ${requestId ?? "unknown"}.`;
}
