import { and, desc, eq, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { spools } from "@/db/schema/counters";
import { rejectionCounts, rejections } from "@/db/schema/rejections";

export type RejectionRow = typeof rejections.$inferSelect;
export type NewRejectionRow = typeof rejections.$inferInsert;
export type RejectionKind = RejectionRow["kind"];
export type RejectionState = RejectionRow["state"];

/** How many events of a fault came on a UTC day. */
export type NewRejectionCount = typeof rejectionCounts.$inferInsert;

/** Adds rejections; one that is there, by its spool and number, stays as it is. */
export async function insertRejections(db: Db, rows: readonly NewRejectionRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insert(rejections)
    .values([...rows])
    .onConflictDoNothing({ target: [rejections.spoolId, rejections.spoolKey] });
}

/** Adds to the counts of faults. Each fault and day is named once. */
export async function addToRejectionCounts(
  db: Db,
  rows: readonly NewRejectionCount[],
): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insert(rejectionCounts)
    .values([...rows])
    .onConflictDoUpdate({
      target: [
        rejectionCounts.projectId,
        rejectionCounts.day,
        rejectionCounts.kind,
        rejectionCounts.fingerprint,
      ],
      set: {
        events: sql`${rejectionCounts.events} + excluded.events`,
        lastAt: sql`greatest(${rejectionCounts.lastAt}, excluded.last_at)`,
      },
    });
}

/**
 * Opens the row of a poisoned event again that was tried again and refused again: it is one event still.
 * @returns false where there is none.
 */
export async function reopenPoisoned(
  db: Db,
  row: Pick<NewRejectionRow, "projectId" | "body" | "errors" | "spoolId" | "spoolKey">,
): Promise<boolean> {
  const { projectId, body, errors, spoolId, spoolKey } = row;
  const opened = await db
    .update(rejections)
    .set({ state: "open", errors, spoolId, spoolKey })
    .where(
      and(
        eq(rejections.projectId, projectId),
        eq(rejections.kind, "poisoned"),
        inArray(rejections.state, ["accepted", "retrying"]),
        eq(rejections.body, body),
      ),
    )
    .returning({ id: rejections.id });
  return opened.length > 0;
}

/** Deletes a project's oldest samples past a number. Poisoned events are no samples: each was accepted once. */
export async function deleteOldSamples(db: Db, projectId: string, keep: number): Promise<void> {
  const old = db
    .select({ id: rejections.id })
    .from(rejections)
    .where(
      and(
        eq(rejections.projectId, projectId),
        sql`${rejections.kind} <> 'poisoned'`,
        sql`${rejections.state} <> 'retrying'`,
      ),
    )
    .orderBy(desc(rejections.receivedAt), desc(rejections.id))
    .offset(keep);
  await db.delete(rejections).where(inArray(rejections.id, old));
}

/** What of the rejections is meant. */
export interface RejectionFilter {
  projectIds: readonly string[];
  kind: RejectionKind | null;
  state: RejectionState | null;
  fingerprint: string | null;
}

/** A page of rejections, newest first, after the last one of the page before. */
export async function listRejectionRows(
  db: Db,
  filter: RejectionFilter,
  page: { after: { receivedAt: Date; id: string } | null; limit: number },
): Promise<RejectionRow[]> {
  const { after, limit } = page;
  const isAfter =
    after &&
    or(
      lt(rejections.receivedAt, after.receivedAt),
      and(eq(rejections.receivedAt, after.receivedAt), lt(rejections.id, after.id)),
    );
  return db
    .select()
    .from(rejections)
    .where(and(conditionOf(filter), isAfter ?? undefined))
    .orderBy(desc(rejections.receivedAt), desc(rejections.id))
    .limit(limit);
}

/** Faults of these projects over all days, the latest first. */
export async function listFaultRows(
  db: Db,
  filter: Pick<RejectionFilter, "projectIds" | "kind">,
  limit: number,
) {
  const lastAt = sql<Date>`max(${rejectionCounts.lastAt})`.mapWith(rejectionCounts.lastAt);
  return db
    .select({
      projectId: rejectionCounts.projectId,
      kind: rejectionCounts.kind,
      fingerprint: rejectionCounts.fingerprint,
      message: sql<string>`min(${rejectionCounts.message})`,
      events: sql<number>`sum(${rejectionCounts.events})`.mapWith(Number),
      lastAt,
    })
    .from(rejectionCounts)
    .where(
      and(
        inArray(rejectionCounts.projectId, [...filter.projectIds]),
        filter.kind ? eq(rejectionCounts.kind, filter.kind) : undefined,
      ),
    )
    .groupBy(rejectionCounts.projectId, rejectionCounts.kind, rejectionCounts.fingerprint)
    .orderBy(desc(lastAt), rejectionCounts.fingerprint)
    .limit(limit);
}

/** One rejection, locked until the transaction ends; or null. */
export async function lockRejection(db: Db, id: string): Promise<RejectionRow | null> {
  const [row] = await db.select().from(rejections).where(eq(rejections.id, id)).for("update");
  return row ?? null;
}

/** Changes a rejection. @returns it as it is now. */
export async function updateRejection(
  db: Db,
  id: string,
  change: Partial<Pick<RejectionRow, "state" | "retriedAt" | "errors">>,
): Promise<RejectionRow | null> {
  const [row] = await db.update(rejections).set(change).where(eq(rejections.id, id)).returning();
  return row ?? null;
}

function conditionOf(filter: RejectionFilter): SQL | undefined {
  const { projectIds, kind, state, fingerprint } = filter;
  return and(
    inArray(rejections.projectId, [...projectIds]),
    kind ? eq(rejections.kind, kind) : undefined,
    state ? eq(rejections.state, state) : undefined,
    fingerprint ? eq(rejections.fingerprint, fingerprint) : undefined,
  );
}

/** A spool that was not heard of for so long is taken for gone, and others try its events again. */
const SPOOL_GONE = sql`interval '10 minutes'`;

function isRetryingBy(spoolId: string): SQL | undefined {
  const isGone = sql`(${spools.id} is null or ${spools.seenAt} < now() - ${SPOOL_GONE})`;
  return and(eq(rejections.state, "retrying"), or(eq(rejections.spoolId, spoolId), isGone));
}

/** Whether there is something to try again for the process of a spool: its own, and what those left that are gone. */
export async function hasRetrying(db: Db, spoolId: string): Promise<boolean> {
  const rows = await db
    .select({ id: rejections.id })
    .from(rejections)
    .leftJoin(spools, eq(spools.id, rejections.spoolId))
    .where(isRetryingBy(spoolId))
    .limit(1);
  return rows.length > 0;
}

/** The next one, locked until the transaction ends; null where there is none, or others are at it. */
export async function lockRetrying(db: Db, spoolId: string): Promise<RejectionRow | null> {
  const [found] = await db
    .select({ row: rejections })
    .from(rejections)
    .leftJoin(spools, eq(spools.id, rejections.spoolId))
    .where(isRetryingBy(spoolId))
    .orderBy(rejections.retriedAt)
    .limit(1)
    .for("update", { of: rejections, skipLocked: true });
  return found?.row ?? null;
}
