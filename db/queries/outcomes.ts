import { and, eq, inArray, lt, sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/postgres";
import { rowsOf } from "@/db/rows-of";
import { outcomes } from "@/db/schema/outcomes";

type OutcomeRow = typeof outcomes.$inferSelect;

/** An outcome as it was sent: money as a decimal string, `timestamp` in RFC 3339. */
export type SentOutcome = Omit<OutcomeRow, "projectId" | "receivedAt">;

/** Places in a list of those that were stored, in no order. */
const placeRow = z.object({ place: z.int() });

/** The list as rows named `sent`; `place` counts from 0. */
function sentRows(sent: readonly (SentOutcome & { place: number })[]) {
  const rows = sent.map(({ taskType, valueUsd, ...rest }) => {
    return { ...rest, task_type: taskType, value_usd: valueUsd };
  });
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as sent(place int, id text, task text,
    task_type text, session text, feature text, status text, value_usd numeric(38, 15), "timestamp" timestamptz)`;
}

/**
 * Stores those whose id the project does not have yet. Of several with one id the first stays.
 * @returns places in `sent` of those that were there before with other content. One whose session was erased since says
 * the same as ever.
 */
export async function insertOutcomes(
  db: Db,
  sent: readonly SentOutcome[],
  { projectId, receivedAt, erased }: { projectId: string; receivedAt: Date; erased: string },
): Promise<number[]> {
  if (sent.length === 0) return [];
  const placed = sent.map((outcome, place) => ({ ...outcome, place }));
  // In the order of their ids, so that two processes never wait for each other.
  const inserted = await db.execute(sql`
    with sent as (select * from ${sentRows(placed)}),
    inserted as (
      insert into ${outcomes} (project_id, id, task, task_type, session, feature, status, value_usd, "timestamp",
        received_at)
      select distinct on (id) ${projectId}::uuid, id, task, task_type, session, feature, status, value_usd, "timestamp",
        ${receivedAt.toISOString()}::timestamptz
      from sent order by id, place
      on conflict (project_id, id) do nothing
      returning id)
    select min(place) as place from sent join inserted using (id) group by id`);
  const news = new Set(rowsOf(inserted).map((row) => placeRow.parse(row).place));
  const known = placed.filter(({ place }) => !news.has(place));
  if (known.length === 0) return [];
  // A statement of its own: it sees what the first one waited for, and what that one stored.
  const others = await db.execute(sql`
    select place from ${sentRows(known)} join ${outcomes} o on o.project_id = ${projectId}::uuid and o.id = sent.id
    where (o.task, o.status, o."timestamp") <> (sent.task, sent.status, sent."timestamp")
      or (o.task_type, o.feature, o.value_usd) is distinct from (sent.task_type, sent.feature, sent.value_usd)
      or (o.session is distinct from sent.session and o.session is distinct from ${erased}::text)`);
  return rowsOf(others).map((row) => placeRow.parse(row).place);
}

/** Puts `replacement` where outcomes of a project name one of these sessions. */
export async function eraseSessionsOfOutcomes(
  db: Db,
  asked: { projectId: string; sessions: readonly string[]; replacement: string },
): Promise<void> {
  if (asked.sessions.length === 0) return;
  await db
    .update(outcomes)
    .set({ session: asked.replacement })
    .where(
      and(eq(outcomes.projectId, asked.projectId), inArray(outcomes.session, [...asked.sessions])),
    );
}

/** Deletes outcomes of a project: those before an instant, or all. */
export async function deleteOutcomes(
  db: Db,
  { projectId, before }: { projectId: string; before?: Date },
): Promise<void> {
  const isOld = before && lt(outcomes.timestamp, before.toISOString());
  await db.delete(outcomes).where(and(eq(outcomes.projectId, projectId), isOld));
}
