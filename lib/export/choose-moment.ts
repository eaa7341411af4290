import type { Db } from "@/db/postgres";
import { findFreshTo } from "@/db/queries/health";
import { LIVE_MS } from "@/lib/integrity/find-unsettled";
import type { Backlog } from "@/lib/runtime";

/** How old a moment is where nobody says what is still on its way: the spools are seconds behind, on a bad day. */
const UNKNOWN_BACKLOG_MS = 10_000;

/**
 * The newest moment of which everything is queryable, in microseconds since 1970. At any later one, an event that was
 * accepted before it could still appear between two pages. Each process knows its own spool only, so the others are asked
 * for what they told last. One that is gone is not waited for: what it left comes when it is back, as a late event does.
 */
export async function chooseMoment(context: {
  db: Db;
  backlog: Backlog | null;
  nowMs: number;
}): Promise<number> {
  const { db, backlog, nowMs } = context;
  const told = await findFreshTo(db, new Date(nowMs - LIVE_MS));
  const fresh = [backlog?.freshToMs, told?.getTime()].filter((ms) => ms !== undefined);
  const momentMs = fresh.length > 0 ? Math.min(nowMs, ...fresh) : nowMs - UNKNOWN_BACKLOG_MS;
  return Math.floor(momentMs) * 1000;
}
