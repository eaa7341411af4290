import { eq, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import type { EventIdentity } from "@/db/queries/budget-events";
import { budgetShifts } from "@/db/schema/budgets";

/** An event that counts in another period of a budget than that of its own time. */
export interface BudgetShift {
  budgetId: string;
  projectId: string;
  /** Seconds since 1970. */
  bucket: number;
  eventId: string;
  period: string;
}

/** Notes shifts; one that is there stays. */
export async function insertBudgetShifts(tx: Db, shifts: readonly BudgetShift[]): Promise<void> {
  if (shifts.length === 0) return;
  const rows = shifts.map(({ budgetId, projectId, eventId, ...rest }) => {
    return { budget_id: budgetId, project_id: projectId, event_id: eventId, ...rest };
  });
  await tx.execute(sql`
    insert into ${budgetShifts} (budget_id, project_id, bucket, event_id, period)
    select budget_id, project_id, bucket, event_id, period
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as s(budget_id uuid, project_id uuid, bucket bigint, event_id text, period text)
    order by budget_id, project_id, bucket, event_id on conflict do nothing`);
}

/** Forgets the shifts of events. */
export async function deleteBudgetShifts(tx: Db, events: readonly EventIdentity[]): Promise<void> {
  if (events.length === 0) return;
  await tx.execute(sql`delete from ${budgetShifts} b using (${wanted(events)}) e
    where b.project_id = e.project_id and b.bucket = e.bucket and b.event_id = e.id`);
}

/** The shifts of events, of every budget. */
export function listShiftsOf(db: Db, events: readonly EventIdentity[]): Promise<BudgetShift[]> {
  if (events.length === 0) return Promise.resolve([]);
  return db
    .select()
    .from(budgetShifts)
    .where(
      sql`(${budgetShifts.projectId}, ${budgetShifts.bucket}, ${budgetShifts.eventId}) in
        (${wanted(events)})`,
    );
}

/** The shifts of a budget. */
export function listShiftsIn(db: Db, budgetId: string): Promise<BudgetShift[]> {
  return db.select().from(budgetShifts).where(eq(budgetShifts.budgetId, budgetId));
}

function wanted(events: readonly EventIdentity[]) {
  const rows = events.map(({ projectId, bucket, id }) => ({ project_id: projectId, bucket, id }));
  return sql`select project_id, bucket, id from jsonb_to_recordset(
    ${JSON.stringify(rows)}::text::jsonb) as e(project_id uuid, bucket bigint, id text)`;
}
