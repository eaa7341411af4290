import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/postgres";
import { rowsOf } from "@/db/rows-of";
import { outcomes } from "@/db/schema/outcomes";

/** How something ended. `place` is where it stood in the question's list. */
const foundRow = z.object({
  place: z.int(),
  status: z.enum(["success", "failure"]),
  /** Decimal string. */
  value_usd: z.string().nullable(),
});
export type FoundOutcome = z.output<typeof foundRow>;

/** The last to end; of those that ended at once the last to come. */
const LATEST_FIRST = sql.raw(`o."timestamp" desc, o.received_at desc, o.id desc`);

/** The latest outcome that names each of these sessions, of those received up to an instant; none where there is none. */
export async function findOutcomesOfSessions(
  db: Db,
  asked: readonly { place: number; projectId: string; session: string }[],
  upTo: Date,
): Promise<FoundOutcome[]> {
  if (asked.length === 0) return [];
  const rows = asked.map(({ place, projectId, session }) => {
    return { place, project_id: projectId, session };
  });
  const found = await db.execute(sql`
    select asked.place, o.status, trim_scale(o.value_usd)::text as value_usd
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as asked(place int, project_id uuid, session text)
    cross join lateral (
      select * from ${outcomes} o
      where o.project_id = asked.project_id and o.session = asked.session
        and o.received_at <= ${upTo.toISOString()}::timestamptz
      order by ${LATEST_FIRST} limit 1) o`);
  return foundRow.array().parse(rowsOf(found));
}

/**
 * The latest outcome of each of these lists of tasks, of those that name no session and were received up to an instant.
 * A place may come as often as it has tasks.
 */
export async function findOutcomesOfTasks(
  db: Db,
  asked: readonly { place: number; projectId: string; task: string }[],
  upTo: Date,
): Promise<FoundOutcome[]> {
  if (asked.length === 0) return [];
  const rows = asked.map(({ place, projectId, task }) => ({ place, project_id: projectId, task }));
  const found = await db.execute(sql`
    select distinct on (asked.place) asked.place, o.status, trim_scale(o.value_usd)::text as value_usd
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as asked(place int, project_id uuid, task text)
    cross join lateral (
      select * from ${outcomes} o
      where o.project_id = asked.project_id and o.task = asked.task and o.session is null
        and o.received_at <= ${upTo.toISOString()}::timestamptz
      order by ${LATEST_FIRST} limit 1) o
    order by asked.place, ${LATEST_FIRST}`);
  return foundRow.array().parse(rowsOf(found));
}

/** Which of these projects have outcomes that name no session. */
export async function listProjectsOfTaskOutcomes(
  db: Db,
  projectIds: readonly string[],
): Promise<string[]> {
  const found = await db.execute(sql`
    select asked.id from jsonb_array_elements_text(${JSON.stringify(projectIds)}::text::jsonb) as asked(id)
    where exists (select 1 from ${outcomes} o where o.project_id = asked.id::uuid and o.session is null)`);
  const rows = z.object({ id: z.string() }).array().parse(rowsOf(found));
  return rows.map(({ id }) => id);
}
