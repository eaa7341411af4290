import type { ClickHouse } from "@/db/clickhouse/client";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import {
  type CallRevision,
  type CallState,
  insertRevisions,
  isCorrectedBy,
  listStates,
  type StoredCall,
} from "@/db/clickhouse/queries/revise-calls";
import type { Db } from "@/db/postgres";
import {
  type CorrectionRow,
  finishCorrection,
  lockCorrection,
  updateCorrection,
} from "@/db/queries/corrections";
import { addToSpendCounters } from "@/db/queries/counters";
import {
  type ChangedCall,
  counterDifferences,
  modelSumSchema,
  sumByModel,
  totalOf,
} from "@/lib/corrections/correction-sums";
import { type Decision, decideRevision } from "@/lib/corrections/decide-revision";
import { bucketOf, type Position } from "@/lib/corrections/read-correction-page";

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
  const done = calls.flatMap((call) => changedBefore(call, row.id));
  const seen = new Set(done.map(({ id }) => id));
  const revisions = calls
    .filter(({ bucket, id }) => !seen.has(`${bucket} ${id}`))
    .flatMap((call) => (decision && decideRevision(call, decision)) ?? []);
  if (!row.isDryRun && revisions.length > 0) {
    await insertRevisions(clickhouse, revisions, {
      kind: row.kind,
      reason: row.reason,
      author: row.authorName,
      correctionId: row.id,
      atUs: Date.now() * 1000,
    });
  }
  const changed = [...done.map(({ changed: one }) => one), ...revisions.map(changedNow)];
  // Also for what was inserted before: whether its change was recorded is not known.
  if (!row.isDryRun && changed.length > 0) {
    await insertBucketChanges(clickhouse, bucketsOf(changed), change);
  }
  await db.transaction(async (tx) => {
    // What another process stored meanwhile is looked at again here: a batch moves the counters once.
    const stored = await lockCorrection(tx, row.id);
    if (!stored || stored.finishedAt !== null || !isSame(stored.position, row.position)) return;
    if (!row.isDryRun) await addToSpendCounters(tx, counterDifferences(changed));
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

/** What this correction made of a call in a batch that was cut short; empty: nothing yet. */
function changedBefore(call: StoredCall, correctionId: string) {
  if (!isCorrectedBy(call, correctionId)) return [];
  const states = listStates(call);
  const index = states.findIndex((state) => state.correction_id === correctionId);
  const before = states[index - 1];
  const after = states[index];
  if (!before || !after) return [];
  return [{ id: `${call.bucket} ${call.id}`, changed: toChanged(call, before, after) }];
}

function changedNow({ call, derived }: CallRevision): ChangedCall {
  return toChanged(call, call, derived);
}

function toChanged(
  call: StoredCall,
  before: Pick<CallState, "counted" | "cost_usd">,
  after: Pick<CallState, "counted" | "cost_usd">,
): ChangedCall {
  const { project_id: projectId, provider, model } = call;
  return { projectId, bucket: bucketOf(call), provider, model, before, after };
}

function bucketsOf(changed: readonly ChangedCall[]) {
  const buckets = new Map(
    changed.map(({ projectId, bucket }) => [`${projectId} ${bucket}`, { projectId, bucket }]),
  );
  return [...buckets.values()];
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
