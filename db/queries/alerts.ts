import {
  and,
  asc,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  not,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { alertSnoozes, alerts } from "@/db/schema/alerts";
import { budgets } from "@/db/schema/budgets";

export type AlertRow = typeof alerts.$inferSelect;
export type NewAlertRow = typeof alerts.$inferInsert;

/** PostgreSQL takes 65,535 values a statement, and a row has at most eighteen. */
const ROWS_PER_STATEMENT = 1_000;

/**
 * Adds alerts whose key is not there yet. In the order of their keys, so that two transactions that find the same ones
 * wait for each other and never both.
 * @returns those that were added
 */
export async function insertAlertRows(tx: Db, rows: readonly NewAlertRow[]): Promise<AlertRow[]> {
  const ordered = rows.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const added: AlertRow[] = [];
  for (let start = 0; start < ordered.length; start += ROWS_PER_STATEMENT) {
    const some = ordered.slice(start, start + ROWS_PER_STATEMENT);
    const target = { target: alerts.key };
    added.push(...(await tx.insert(alerts).values(some).onConflictDoNothing(target).returning()));
  }
  return added;
}

/** Says that these are over. @returns ids of those that were not yet */
export async function resolveAlertRows(
  tx: Db,
  ids: readonly string[],
  resolvedAt: Date,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const resolved = await tx
    .update(alerts)
    .set({ resolvedAt })
    .where(and(inArray(alerts.id, [...ids]), isNull(alerts.resolvedAt)))
    .returning({ id: alerts.id });
  return resolved.map(({ id }) => id);
}

/** One alert; or null. */
export async function findAlertRow(db: Db, id: string): Promise<AlertRow | null> {
  const [row] = await db.select().from(alerts).where(eq(alerts.id, id));
  return row ?? null;
}

/** Alerts of a kind about a subject that are not over. */
export async function listOpenAlertRows(db: Db, kind: string, subject: string) {
  return db
    .select()
    .from(alerts)
    .where(and(eq(alerts.kind, kind), eq(alerts.subject, subject), isNull(alerts.resolvedAt)));
}

/** Alerts whose deliveries are not planned yet, oldest first; whoever plans them holds them until the transaction ends. */
export async function lockUntoldAlertRows(tx: Db, limit: number): Promise<AlertRow[]> {
  return tx
    .select()
    .from(alerts)
    .where(isNull(alerts.toldAt))
    .orderBy(asc(alerts.openedAt), asc(alerts.id))
    .limit(limit)
    .for("update", { skipLocked: true });
}

/** Whether there is an alert whose deliveries are not planned. */
export async function hasUntoldAlerts(db: Db): Promise<boolean> {
  const rows = await db
    .select({ id: alerts.id })
    .from(alerts)
    .where(isNull(alerts.toldAt))
    .limit(1);
  return rows.length > 0;
}

/** Says that the deliveries of these are planned. */
export async function markToldAlertRows(
  tx: Db,
  ids: readonly string[],
  toldAt: Date,
): Promise<void> {
  await tx
    .update(alerts)
    .set({ toldAt })
    .where(inArray(alerts.id, [...ids]));
}

/** Which of these subjects are snoozed at an instant. */
export async function listSnoozes(db: Db, subjects: readonly string[], now: Date) {
  if (subjects.length === 0) return [];
  return db
    .select()
    .from(alertSnoozes)
    .where(and(inArray(alertSnoozes.subject, [...new Set(subjects)]), gt(alertSnoozes.until, now)));
}

/** Of which of these budgets there are many counters at a time: of each value, or of each session or trace. */
export async function listBudgetsOfMany(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: budgets.id })
    .from(budgets)
    .where(
      and(
        inArray(budgets.id, [...new Set(ids)]),
        or(eq(budgets.value, "*"), inArray(budgets.window, ["session", "trace"])),
      ),
    );
  return new Set(rows.map(({ id }) => id));
}

export type SnoozeRow = typeof alertSnoozes.$inferSelect;

/** Which alerts are asked for. */
export interface AlertsAsked {
  projectIds: readonly string[];
  /** Those of the whole installation that are about one of these projects only; null: all of them. */
  values: readonly string[] | null;
  kind: string | null;
  state: "open" | "acknowledged" | "snoozed" | "resolved" | null;
  budgetId: string | null;
  /** The last one of the page before. */
  after: { openedAt: Date; id: string } | null;
  now: Date;
  limit: number;
}

/** Alerts with the snooze of their subject, latest first. */
export async function listAlertRows(
  db: Db,
  asked: AlertsAsked,
): Promise<{ alert: AlertRow; snooze: SnoozeRow | null }[]> {
  const { kind, budgetId, after, now, limit } = asked;
  return db
    .select({ alert: alerts, snooze: alertSnoozes })
    .from(alerts)
    .leftJoin(
      alertSnoozes,
      and(eq(alertSnoozes.subject, alerts.subject), gt(alertSnoozes.until, now)),
    )
    .where(
      and(
        inSightOf(asked),
        kind === null ? undefined : eq(alerts.kind, kind),
        budgetId === null ? undefined : eq(alerts.budgetId, budgetId),
        inState(asked.state),
        after === null
          ? undefined
          : sql`(${alerts.openedAt}, ${alerts.id}) < (${after.openedAt.toISOString()}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(desc(alerts.openedAt), desc(alerts.id))
    .limit(limit);
}

/** A budget of each project tells what each spends: of another project that is nobody's business. */
function inSightOf({ projectIds, values }: AlertsAsked): SQL | undefined {
  const isOfProject = sql`(${alerts.facts}->>'scope' = 'project' or ${alerts.facts}->>'dimension' = 'project')`;
  const ofAll =
    values === null
      ? isNull(alerts.projectId)
      : and(
          isNull(alerts.projectId),
          or(sql`not coalesce(${isOfProject}, false)`, inArray(alerts.value, [...values])),
        );
  return or(ofAll, inArray(alerts.projectId, [...projectIds]));
}

function inState(state: AlertsAsked["state"]): SQL | undefined {
  const isOver = isNotNull(alerts.resolvedAt);
  const isSnoozed = isNotNull(alertSnoozes.subject);
  const isAcknowledged = isNotNull(alerts.acknowledgedAt);
  switch (state) {
    case null:
      return undefined;
    case "resolved":
      return isOver;
    case "snoozed":
      return and(not(isOver), isSnoozed);
    case "acknowledged":
      return and(not(isOver), not(isSnoozed), isAcknowledged);
    case "open":
      return and(not(isOver), not(isSnoozed), not(isAcknowledged));
  }
}

/** One alert, and nobody else changes it until the transaction ends. */
export async function lockAlertRow(tx: Db, id: string): Promise<AlertRow | null> {
  const [row] = await tx.select().from(alerts).where(eq(alerts.id, id)).for("update");
  return row ?? null;
}

/** Says who is at it. */
export async function acknowledgeAlertRow(
  tx: Db,
  id: string,
  { at, by, note }: { at: Date; by: string; note: string },
): Promise<void> {
  await tx
    .update(alerts)
    .set({ acknowledgedAt: at, acknowledgedBy: by, acknowledgedNote: note })
    .where(eq(alerts.id, id));
}

/** Snoozes a subject, instead of how it was snoozed before. */
export async function saveSnooze(tx: Db, row: SnoozeRow): Promise<void> {
  const { until, by, reason, at } = row;
  await tx
    .insert(alertSnoozes)
    .values(row)
    .onConflictDoUpdate({ target: alertSnoozes.subject, set: { until, by, reason, at } });
}

/** Ends a snooze. */
export async function deleteSnooze(tx: Db, subject: string): Promise<void> {
  await tx.delete(alertSnoozes).where(eq(alertSnoozes.subject, subject));
}
