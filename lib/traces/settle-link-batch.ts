import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { BUCKET_SECONDS, toDateTimeText, toVersion } from "@/db/clickhouse/llm-call-row";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { listCallsByKeys } from "@/db/clickhouse/queries/list-calls-by-keys";
import {
  insertRevisions,
  isCorrectedBy,
  listStates,
  type StoredCall,
} from "@/db/clickhouse/queries/revise-calls";
import type { Db } from "@/db/postgres";
import { deleteLinkBatch, type LinkBatchRow, listLinkBatches } from "@/db/queries/link-batches";
import { toCountedCall } from "@/lib/budgets/counted-call";
import { createPolicyHolder } from "@/lib/budgets/policy-holder";
import type { ChangedCall } from "@/lib/corrections/correction-sums";
import { bucketsOf, moveCounters, toChanged } from "@/lib/corrections/move-counters";
import { bucketOf } from "@/lib/corrections/read-correction-page";
import {
  type AddedCall,
  type LinkChange,
  linkChangeSchema,
  type RevisedCall,
} from "@/lib/traces/link-change";

/** Where a batch writes, and the number of its next change. */
export interface LinkStores {
  clickhouse: ClickHouse;
  db: Db;
  change: { writer: string; number: number };
}

/**
 * Writes what linking came to: rows, then the change of their buckets, then the counters in one transaction, which ends
 * the batch. Each step may be repeated: a row that carries the batch is left, and its difference is taken once. To be
 * called while the lock of the corrections is held.
 */
export async function settleLinkBatch(
  { clickhouse, db, change }: LinkStores,
  batch: LinkBatchRow,
): Promise<void> {
  const found = await readBatch(clickhouse, batch);
  const open = found.filter(({ isDone }) => !isDone);
  const atUs = Date.now() * 1000;
  if (open.length > 0) {
    const revisions = open.flatMap(({ change: one, call }) =>
      one.kind === "revise" && call ? [toRevision(one, call)] : [],
    );
    const lines = open.map(({ change: one }, index) =>
      one.kind === "add" ? `${JSON.stringify(toAddedRow(one, batch, atUs + index))}\n` : "",
    );
    const author = { kind: "link", reason: "", author: "", correctionId: batch.id, atUs } as const;
    await insertRevisions(clickhouse, revisions, author, lines.join(""));
  }
  const changed = found.map((one) => {
    return one.change.kind === "revise"
      ? toRevised(one.change, one.call, batch)
      : toAdded(one.change, one.call, batch, atUs + open.indexOf(one));
  });
  // Also for what was inserted before: whether its change was recorded is not known.
  if (changed.length > 0) await insertBucketChanges(clickhouse, bucketsOf(changed), change);
  await db.transaction(async (tx) => {
    // Whoever moves counters of budgets locks the policy before anything else.
    const { budgets } = await createPolicyHolder().hold(tx);
    if (await deleteLinkBatch(tx, batch.id)) await moveCounters(tx, budgets, changed, "link");
  });
}

/**
 * Settles the batches that were cut short, be it by a process that is gone, oldest first. Whoever has the lock of the
 * corrections calls it before anything else: it knows that nobody is at these any more, and what it does itself must not
 * come between a batch and its end. @param nextChange the next change of the caller
 */
export async function settleLinkBatches(
  { clickhouse, db }: Pick<LinkStores, "clickhouse" | "db">,
  nextChange: () => LinkStores["change"],
): Promise<void> {
  for (const batch of await listLinkBatches(db)) {
    await settleLinkBatch({ clickhouse, db, change: nextChange() }, batch);
  }
}

/** Calls that a batch changed in the ledger while its counters have not moved yet. */
export async function listHalfLinked(
  clickhouse: ClickHouse,
  batch: LinkBatchRow,
): Promise<ChangedCall[]> {
  const found = await readBatch(clickhouse, batch);
  return found
    .filter(({ isDone }) => isDone)
    .map(({ change, call }) =>
      change.kind === "revise" ? toRevised(change, call, batch) : toAdded(change, call, batch, 0),
    );
}

interface Found {
  change: LinkChange;
  /** As it is stored; null: it is not. */
  call: StoredCall | null;
  /** The row carries the batch. */
  isDone: boolean;
}

/** The changes of a batch with their rows, without those that are for nobody any more: somebody corrected the call since. */
async function readBatch(clickhouse: ClickHouse, batch: LinkBatchRow): Promise<Found[]> {
  const changes = linkChangeSchema.array().parse(batch.changes);
  const buckets = [...new Set(changes.map(({ bucket }) => bucket))];
  const rows = await listCallsByKeys(clickhouse, {
    projectIds: [batch.projectId],
    fromUs: Math.min(...buckets) * 1e6,
    toUs: (Math.max(...buckets) + BUCKET_SECONDS) * 1e6,
    buckets,
    ids: changes.map(({ id }) => id),
  });
  const byName = new Map(rows.map((call) => [`${bucketOf(call)} ${call.id}`, call]));
  return changes.flatMap((change): Found[] => {
    const call = byName.get(`${change.bucket} ${change.id}`) ?? null;
    if (call && isCorrectedBy(call, batch.id)) return [{ change, call, isDone: true }];
    if (change.kind === "add") return call ? [] : [{ change, call, isDone: false }];
    return call?.revision === change.revision ? [{ change, call, isDone: false }] : [];
  });
}

function toRevision({ counted, linked, reason = "" }: RevisedCall, call: StoredCall) {
  const { cost_usd, list_cost_usd, cost_status, cost_reason, price } = call;
  const derived = { cost_usd, list_cost_usd, cost_status, cost_reason, price, counted };
  return { call, derived, linked, reason };
}

/** By the tags before and after, and the cost it had then: whatever came of it since moved the counters by itself. */
function toRevised(change: RevisedCall, call: StoredCall | null, batch: LinkBatchRow): ChangedCall {
  if (!call) throw new Error("a call that is to be revised is gone");
  const state = listStates(call).find(({ correction_id }) => correction_id === batch.id);
  const { cost_usd } = state ?? call;
  const { agent, task, task_type, feature, user, session } = change.linked;
  const tags = { agent, task, task_type, feature, user, session };
  const after = { ...tags, counted: change.counted, cost_usd };
  return toChanged(call, { ...change.before, cost_usd }, after);
}

/** The row of an added call, as it arrives now. */
function toAddedRow({ row }: AddedCall, batch: LinkBatchRow, atUs: number) {
  return {
    version: toVersion(0, atUs),
    ingested_at: toDateTimeText(atUs),
    ...row,
    correction_id: batch.id,
  };
}

function toAdded(
  change: AddedCall,
  call: StoredCall | null,
  batch: LinkBatchRow,
  atUs: number,
): ChangedCall {
  const row = toAddedRow(change, batch, atUs);
  const arrived = call?.ingested_at ?? row.ingested_at;
  const { provider = "", model = "", cost_usd = null } = addedRow.parse(change.row);
  const after = { counted: true, cost_usd };
  return {
    projectId: batch.projectId,
    bucket: change.bucket,
    id: change.id,
    provider,
    model,
    before: { counted: false, cost_usd: null },
    after,
    counted: { before: null, after: toCountedCall({ ...row, ingested_at: arrived }) },
  };
}

const addedRow = z.object({
  provider: z.string().optional(),
  model: z.string().optional(),
  cost_usd: z.string().nullable().optional(),
});
