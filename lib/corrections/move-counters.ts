import type { CallState, RevisionAuthor, StoredCall } from "@/db/clickhouse/queries/revise-calls";
import type { Db } from "@/db/postgres";
import { eraseCountersOfAlerts } from "@/db/queries/budget-alerts";
import { addToBudgetCounters } from "@/db/queries/budget-counters";
import { listShiftsOf } from "@/db/queries/budget-shifts";
import { addToSpendCounters } from "@/db/queries/counters";
import { dropRenamedCounters } from "@/db/queries/erase-name-of-budgets";
import type { Budget } from "@/lib/budgets/budget";
import { toCountedCall } from "@/lib/budgets/counted-call";
import { CounterMoves } from "@/lib/budgets/counter-moves";
import { addInLedger, indexShifts, listRenamed } from "@/lib/budgets/place-in-ledger";
import { listRecentPlaces, watchCounters, watchesOf } from "@/lib/budgets/watch-counters";
import { type ChangedCall, counterDifferences } from "@/lib/corrections/correction-sums";
import { bucketOf } from "@/lib/corrections/read-correction-page";

/** Tags that budgets count by, and that a revision may change. */
export type CounterTag = "agent" | "task" | "task_type" | "feature" | "user" | "session";

/**
 * Moves every counter by what calls were before and are now, in a transaction that has locked the policy: those of
 * budgets first, then of spending.
 * @param between done between the two, which is the order in which everyone locks
 */
export async function moveCounters(
  tx: Db,
  budgets: readonly Budget[],
  changed: readonly ChangedCall[],
  kind: RevisionAuthor["kind"],
  between: () => Promise<void> = async () => undefined,
): Promise<void> {
  await moveBudgets(tx, budgets, changed, kind);
  await between();
  await addToSpendCounters(tx, counterDifferences(changed));
}

/** What of a call's state counters see; the tags only where they differ from the stored ones. */
export type Changed = Pick<CallState, "counted" | "cost_usd"> & Partial<Record<CounterTag, string>>;

/** A call before and after, as counters see it. */
export function toChanged(call: StoredCall, before: Changed, after: Changed): ChangedCall {
  const { project_id: projectId, id, provider, model } = call;
  const counted = { before: countedCall(call, before), after: countedCall(call, after) };
  return { projectId, bucket: bucketOf(call), id, provider, model, before, after, counted };
}

function countedCall(call: StoredCall, state: Changed) {
  const { counted, ...seen } = state;
  return counted ? toCountedCall({ ...call, ...seen }) : null;
}

/** The buckets that changed calls lie in, each once. */
export function bucketsOf(changed: readonly ChangedCall[]) {
  const buckets = new Map(
    changed.map(({ projectId, bucket }) => [`${projectId} ${bucket}`, { projectId, bucket }]),
  );
  return [...buckets.values()];
}

async function moveBudgets(
  tx: Db,
  budgets: readonly Budget[],
  changed: readonly ChangedCall[],
  kind: RevisionAuthor["kind"],
) {
  if (budgets.length === 0 || changed.length === 0) return;
  const events = changed.map(({ projectId, bucket, id }) => ({ projectId, bucket, id }));
  const shifts = indexShifts(await listShiftsOf(tx, events));
  const moves = new CounterMoves();
  for (const { counted } of changed) {
    if (counted.before) addInLedger(moves, budgets, counted.before, shifts, -1n);
    if (counted.after) addInLedger(moves, budgets, counted.after, shifts, 1n);
  }
  const list = moves.list();
  // What moves under another name was told under the first one.
  const watches = kind === "erase" ? [] : watchesOf(budgets, true);
  const reached = await addToBudgetCounters(tx, list, watches);
  const nowMs = Date.now();
  const calls = changed.flatMap(({ counted: { before, after } }) => after ?? before ?? []);
  const findCurrent = () => listRecentPlaces(budgets, calls, nowMs);
  await watchCounters(tx, reached, list, { budgets, nowMs, findCurrent });
  // Nothing is left under a name that was erased, and it must not stand there either.
  const renamed = changed.flatMap(({ counted: { before, after } }) =>
    before && after ? listRenamed(budgets, { before, after }, shifts) : [],
  );
  await dropRenamedCounters(tx, renamed);
  if (kind === "erase") await eraseCountersOfAlerts(tx, renamed);
}
