import { randomBytes } from "node:crypto";
import { countCallsToCorrect } from "@/db/clickhouse/queries/count-calls-to-correct";
import { deleteErasedContents } from "@/db/clickhouse/queries/delete-contents";
import { deleteSupersededNames } from "@/db/clickhouse/queries/delete-superseded-names";
import { eraseSpanNames } from "@/db/clickhouse/queries/erase-span-names";
import {
  type CorrectionRow,
  findCorrection,
  listOpenCorrectionIds,
  startCorrection,
} from "@/db/queries/corrections";
import { eraseNameOfRejections } from "@/db/queries/erase-name-of-rejections";
import { withJobLock } from "@/db/queries/job-lock";
import { findProject } from "@/db/queries/projects";
import { correctBatch } from "@/lib/corrections/correct-batch";
import type { CorrectionContext } from "@/lib/corrections/correction-context";
import { type Decision, ERASED } from "@/lib/corrections/decide-revision";
import {
  erasedName,
  positionSchema,
  type Reach,
  reachOf,
  readCorrectionPage,
} from "@/lib/corrections/read-correction-page";
import { openProposedBook } from "@/lib/prices/propose-price";
import type { NewPrice } from "@/lib/prices/read-new-price";
import { eraseFacts } from "@/lib/traces/erase-facts";
import { settleLinkBatches } from "@/lib/traces/settle-link-batch";

/**
 * Works a correction off, batch by batch, until it is finished or the process stops. Other processes may work at the
 * same one: each batch is one process's, and begins with what is stored.
 * @throws QueryFailedError and PostgreSQL's errors; what was done is stored, and going on goes on there.
 */
export async function runCorrection(context: CorrectionContext, id: string): Promise<void> {
  // A run is a writer of changes of its own, so its numbers need not outlive it.
  const writer = randomBytes(8).readBigUInt64BE().toString();
  let number = Date.now() * 1000;
  const nextChange = () => {
    number += 1;
    return { writer, number };
  };
  const { clickhouse, postgres } = context;
  for (let isOpen = true; isOpen && !context.mustStop?.(); ) {
    isOpen = await withJobLock(postgres, "corrections", async () => {
      // A name that waits in one to be written would come back behind its erasure.
      await settleLinkBatches({ clickhouse, db: postgres.db }, nextChange);
      await settleBeforeErasure(context, id, nextChange);
      return takeBatch(context, id, nextChange());
    });
  }
}

/**
 * A batch of another correction that was cut short finds what its counters lack in the states of its calls, and an
 * erasure takes the name out of those: it takes its next batch before. Were it left, its dollars would move under the
 * erased name while they still stand under the first.
 */
async function settleBeforeErasure(
  context: CorrectionContext,
  id: string,
  nextChange: () => { writer: string; number: number },
): Promise<void> {
  const { db } = context.postgres;
  const erasure = await findCorrection(db, id);
  if (erasure?.kind !== "erase" || erasure.startedAt === null) return;
  for (const otherId of await listOpenCorrectionIds(db)) {
    const other = otherId === id ? null : await findCorrection(db, otherId);
    if (!other || other.startedAt === null || other.isDryRun) continue;
    const isNear = other.projectIds.some((projectId) => erasure.projectIds.includes(projectId));
    if (isNear) await takeBatch(context, otherId, nextChange());
  }
}

/** @returns whether there may be more to do. */
async function takeBatch(
  context: CorrectionContext,
  id: string,
  change: { writer: string; number: number },
): Promise<boolean> {
  const { clickhouse, postgres } = context;
  const row = await findCorrection(postgres.db, id);
  if (!row || row.finishedAt !== null) return false;
  const reach = reachOf(row);
  if (row.state === "queued") {
    await begin(context, row, reach);
    return true;
  }
  const position = row.position === null ? null : positionSchema.parse(row.position);
  const page = await readCorrectionPage(clickhouse, reach, position);
  const projectId = page.calls[0]?.project_id ?? null;
  if (page.next === null && !row.isDryRun) await eraseCopies(context, row);
  const decision = projectId === null ? null : await decisionOf(context, row, reach, projectId);
  await correctBatch({ clickhouse, db: postgres.db, change }, row, { ...page, decision });
  return page.next !== null;
}

/** How much there is to do is counted once, before anything changes. */
async function begin(context: CorrectionContext, row: CorrectionRow, reach: Reach) {
  const { fromUs, toUs, filters, callId } = reach;
  const asked = { projectIds: [...reach.projectIds], fromUs, toUs, filters: [...(filters ?? [])] };
  const [counted] = callId === null ? await countCallsToCorrect(context.clickhouse, asked) : [];
  await startCorrection(context.postgres.db, row.id, counted?.calls ?? 1);
}

async function decisionOf(
  context: CorrectionContext,
  row: CorrectionRow,
  reach: Reach,
  projectId: string,
): Promise<Decision | null> {
  if (reach.filters === null) return null;
  if (row.kind === "erase") return { kind: "erase", name: erasedName(row)?.name ?? "" };
  const project = await findProject(context.postgres.db, projectId);
  const sealedBeforeMs = project?.sealedBefore?.getTime() ?? 0;
  if (row.kind !== "reprice") return { kind: row.kind, sealedBeforeMs };
  const trustsReportedCost = project?.trustsReportedCost ?? false;
  const prices = await bookOf(context, row);
  return { kind: "reprice", prices, trustsReportedCost, sealedBeforeMs };
}

/** Today's book; a dry run may try a price that is not in it, and changes nothing. */
async function bookOf({ postgres, prices }: CorrectionContext, row: CorrectionRow) {
  if (!row.isDryRun || row.proposal === null) return prices;
  // Ours, checked when it was asked for.
  return openProposedBook(postgres.db, row.proposal as NewPrice);
}

/**
 * Rows that were replaced still hold the name until the engine merges them away, which may be never: they are deleted
 * from the disk before the erasure is called done, as it is from samples of events that did not count.
 */
async function eraseCopies(
  { clickhouse, postgres, onErase }: CorrectionContext,
  row: CorrectionRow,
) {
  const erased = erasedName(row);
  const [projectId] = row.projectIds;
  if (!erased || projectId === undefined) return;
  // First: what comes from now on inherits nothing of what is gone in a moment.
  onErase?.(projectId);
  await deleteErasedContents(clickhouse, { projectId, ...erased, correctionId: row.id });
  await deleteSupersededNames(clickhouse, { projectId, ...erased, correctionId: row.id });
  await eraseSpanNames(clickhouse, { projectId, ...erased, correctionId: row.id }, (facts) =>
    eraseFacts(facts, erased.name),
  );
  await eraseNameOfRejections(postgres.db, { projectId, name: erased.name, replacement: ERASED });
}
