import type { ClickHouse } from "@/db/clickhouse/client";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import {
  type CallRevision,
  insertRevisions,
  isCorrectedBy,
  listStates,
  type StoredCall,
} from "@/db/clickhouse/queries/revise-calls";
import type { Db } from "@/db/postgres";
import { eraseNameOfAlerts } from "@/db/queries/budget-alerts";
import {
  type CorrectionRow,
  finishCorrection,
  lockCorrection,
  updateCorrection,
} from "@/db/queries/corrections";
import { eraseNameOfReservations } from "@/db/queries/erase-name-of-budgets";
import { createPolicyHolder } from "@/lib/budgets/policy-holder";
import {
  type ChangedCall,
  modelSumSchema,
  sumByModel,
  totalOf,
} from "@/lib/corrections/correction-sums";
import { type Decision, decideRevision, ERASED } from "@/lib/corrections/decide-revision";
import { eraseOutcomes } from "@/lib/corrections/erase-outcomes";
import { bucketsOf, moveCounters, toChanged } from "@/lib/corrections/move-counters";
import { erasedName, type Position } from "@/lib/corrections/read-correction-page";

/** Where a batch writes, and the number of its next change: its run is a writer of its own. */
export interface BatchStores {
  clickhouse: ClickHouse;
  db: Db;
  change: { writer: string; number: number };
}

/** Calls of one project to be looked at, and where the next page begins (null: nowhere). */
export interface Batch {
  calls: readonly StoredCall[];
  next: Position | null;
  decision: Decision | null;
}

/**
 * Corrects a batch: rows, then the change of their buckets, then counters, sums and position in one transaction. Each
 * step may be repeated. A call that carries this correction already was changed by a batch that was cut short: it is
 * left, and its difference is taken from its own earlier state, whatever came after.
 */
export async function correctBatch(
  { clickhouse, db, change }: BatchStores,
  row: CorrectionRow,
  { calls, next, decision }: Batch,
): Promise<void> {
  const done = calls.flatMap((call) => changedBefore(call, row));
  const seen = new Set(calls.filter((call) => isCorrectedBy(call, row.id)).map(nameOf));
  const revisions = calls
    .filter((call) => !seen.has(nameOf(call)))
    .flatMap((call) => (decision && decideRevision(call, decision)) ?? []);
  await eraseOutcomes(
    db,
    row,
    revisions.map(({ call }) => call),
  );
  if (!row.isDryRun && revisions.length > 0) {
    await insertRevisions(clickhouse, revisions, {
      kind: row.kind,
      reason: row.reason,
      author: row.authorName,
      correctionId: row.id,
      atUs: Date.now() * 1000,
    });
  }
  const changed = [...done, ...revisions.map(changedNow)];
  // Also for what was inserted before: whether its change was recorded is not known.
  if (!row.isDryRun && changed.length > 0) {
    await insertBucketChanges(clickhouse, bucketsOf(changed), change);
  }
  await db.transaction(async (tx) => {
    // Whoever moves counters of budgets locks the policy before anything else.
    const { budgets } = await createPolicyHolder().hold(tx);
    // What another process stored meanwhile is looked at again here: a batch moves the counters once.
    const stored = await lockCorrection(tx, row.id);
    if (!stored || stored.finishedAt !== null || !isSame(stored.position, row.position)) return;
    if (!row.isDryRun) {
      await moveCounters(tx, budgets, changed, row.kind, async () => {
        if (next === null) await eraseName(tx, row);
      });
    }
    const models = sumByModel(modelSumSchema.array().parse(stored.models), changed);
    const total = totalOf(models);
    await updateCorrection(tx, row.id, {
      position: next ?? stored.position,
      callsSeen: stored.callsSeen + calls.length,
      callsChanged: total.calls,
      beforeUsd: total.before_usd,
      afterUsd: total.after_usd,
      unknownBefore: total.unknown_before,
      unknownAfter: total.unknown_after,
      models,
    });
    if (next === null) await finishCorrection(tx, row.id);
  });
}

async function eraseName(tx: Db, row: CorrectionRow): Promise<void> {
  const erased = erasedName(row);
  const [projectId] = row.projectIds;
  if (!erased || projectId === undefined) return;
  await eraseNameOfReservations(tx, { projectId, ...erased, replacement: ERASED });
  await eraseNameOfAlerts(tx, { projectId, ...erased, replacement: ERASED });
}

/**
 * What a correction made of a call in a batch that was cut short; empty: nothing yet. An erased name is in no state of
 * the call any more: the one that was asked for is known, what else was erased with it (the sessions of a user) is not,
 * and where a budget counts by that, Integrity finds it.
 */
export function changedBefore(call: StoredCall, row: CorrectionRow): ChangedCall[] {
  if (!isCorrectedBy(call, row.id)) return [];
  const states = listStates(call);
  const index = states.findIndex((state) => state.correction_id === row.id);
  const before = states[index - 1];
  const after = states[index];
  if (!before || !after) return [];
  const erased = erasedName(row);
  const names = erased ? { [erased.column]: erased.name } : {};
  return [toChanged(call, { ...before, ...names }, after)];
}

function changedNow({ call, derived, names }: CallRevision): ChangedCall {
  return toChanged(call, call, { ...names, ...derived });
}

function nameOf({ bucket, id }: StoredCall): string {
  return `${bucket} ${id}`;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
