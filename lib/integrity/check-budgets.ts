import { listBudgetsToCheck } from "@/db/queries/budget-checks";
import { findOpenRun } from "@/db/queries/integrity";
import { listSpools } from "@/db/queries/integrity-counters";
import { type BuildContext, beginGeneration } from "@/lib/budgets/build-counters";
import { LIVE_MS } from "@/lib/integrity/find-unsettled";

/** Each once a day, and all when somebody asks for a full comparison. */
const EVERY_MS = 86_400_000;
/** Begun in one turn: each is a sum of the calls. Somebody who asked for all wants all of them in that run. */
const AT_ONCE = { daily: 10, asked: 1_000 } as const;
/** A process that was not heard of may come back with events that only one store has: that is no difference yet. */
const GONE_MS = 600_000;

/**
 * Begins the comparison of budgets that are due. A budget that spends all the time is never at rest, so nothing is
 * compared as it stands: its counters are built anew beside those that decide, and held against them in the transaction
 * that puts them in their place, when both have counted the same events. So a difference is exact, and repaired as it
 * is found, without anything let through.
 * @returns how many were begun; the job that builds counters does the rest
 */
export async function checkBudgets(context: BuildContext): Promise<number> {
  const { postgres, now } = context;
  const { db } = postgres;
  const nowMs = now();
  const isBack = ({ seenAt }: { seenAt: Date }) => {
    const awayMs = nowMs - seenAt.getTime();
    return awayMs <= LIVE_MS || awayMs > GONE_MS;
  };
  if (!(await listSpools(db)).every(isBack)) return 0;
  const open = await findOpenRun(db);
  const since = Math.max(nowMs - EVERY_MS, open?.startedAt.getTime() ?? 0);
  const due = await listBudgetsToCheck(db, new Date(since), AT_ONCE[open ? "asked" : "daily"]);
  for (const id of due) await beginGeneration(context, id);
  return due.length;
}
