import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/postgres";
import { rowsOf } from "@/db/rows-of";
import { budgetEvents } from "@/db/schema/budgets";

/** An event's identity. */
export interface EventIdentity {
  projectId: string;
  /** Seconds since 1970. */
  bucket: number;
  id: string;
}

const claimed = z.array(z.object({ place: z.coerce.number() }));

/**
 * Claims events for who counts them, in one order, so that two processes with the same events never wait for each other
 * in a circle. One that another process claims just now is waited for.
 * @returns those that were nobody's, in their order; of the same identity the first
 */
export async function claimBudgetEvents<Event extends EventIdentity>(
  tx: Db,
  events: readonly Event[],
): Promise<Event[]> {
  if (events.length === 0) return [];
  const found = await tx.execute(sql`
    with asked as (${asked(events)}),
    claimed as (
      insert into ${budgetEvents} (project_id, bucket, id_hash)
      select distinct project_id, bucket, id_hash from asked
      order by bucket, project_id, id_hash on conflict do nothing
      returning project_id, bucket, id_hash)
    select min(asked.place) as place from asked join claimed using (project_id, bucket, id_hash)
    group by project_id, bucket, id_hash order by 1`);
  return eventsAt(events, found);
}

/** Gives claims back. @returns the events that had one */
export async function unclaimBudgetEvents<Event extends EventIdentity>(
  tx: Db,
  events: readonly Event[],
): Promise<Event[]> {
  if (events.length === 0) return [];
  const found = await tx.execute(sql`
    with asked as (${asked(events)}),
    gone as (
      delete from ${budgetEvents} e using asked
      where e.bucket = asked.bucket and e.project_id = asked.project_id and e.id_hash = asked.id_hash
      returning e.project_id, e.bucket, e.id_hash)
    select min(asked.place) as place from asked join gone using (project_id, bucket, id_hash)
    group by project_id, bucket, id_hash order by 1`);
  return eventsAt(events, found);
}

function asked(events: readonly EventIdentity[]) {
  const rows = events.map(({ projectId, bucket, id }, place) => {
    const hash = createHash("md5").update(id).digest("hex");
    return { project_id: projectId, bucket, id_hash: hash, place };
  });
  return sql`select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
    as asked(project_id uuid, bucket bigint, id_hash text, place int)`;
}

function eventsAt<Event>(events: readonly Event[], result: unknown): Event[] {
  return claimed.parse(rowsOf(result)).flatMap(({ place }) => events[place] ?? []);
}
