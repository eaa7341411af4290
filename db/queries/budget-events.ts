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

/** An event as one process was sent it. */
export interface ArrivedEvent extends EventIdentity {
  /** Microseconds since 1970, by that process's clock. */
  arrivedUs: number;
}

/** An event that another process counted by a copy that arrived later. */
export interface EarlierEvent<Event> {
  event: Event;
  /** The arrival by which it stood as counted until now, microseconds since 1970. */
  countedUs: number;
}

/**
 * Claims events for who counts them, in one order, so that two processes with the same events never wait for each other
 * in a circle. One that another process claims just now is waited for.
 * @returns those that were nobody's, in their order; of the same identity the first
 */
export async function claimBudgetEvents<Event extends ArrivedEvent>(
  tx: Db,
  events: readonly Event[],
): Promise<Event[]> {
  if (events.length === 0) return [];
  const found = await tx.execute(sql`
    with asked as (${asked(events)}),
    claimed as (
      insert into ${budgetEvents} (project_id, bucket, id_hash, arrived_us)
      select distinct on (bucket, project_id, id_hash) project_id, bucket, id_hash, arrived_us from asked
      order by bucket, project_id, id_hash, place on conflict do nothing
      returning project_id, bucket, id_hash)
    select min(asked.place) as place, null::bigint as us from asked
    join claimed using (project_id, bucket, id_hash)
    group by project_id, bucket, id_hash order by 1`);
  return eventsAt(events, found).map(({ event }) => event);
}

/**
 * Of claimed events those whose claim is of a later arrival; from here on it is of this one. In the order in which they
 * are claimed, and after that, so nobody waits in a circle.
 */
export async function bringClaimsForward<Event extends ArrivedEvent>(
  tx: Db,
  events: readonly Event[],
): Promise<EarlierEvent<Event>[]> {
  if (events.length === 0) return [];
  const found = await tx.execute(sql`
    with asked as (
      select distinct on (bucket, project_id, id_hash) * from (${asked(events)}) a
      order by bucket, project_id, id_hash, arrived_us, place),
    later as (
      select e.bucket, e.project_id, e.id_hash, e.arrived_us as us, asked.place, asked.arrived_us
      from ${budgetEvents} e join asked using (bucket, project_id, id_hash)
      where e.arrived_us > asked.arrived_us
      order by e.bucket, e.project_id, e.id_hash for update of e)
    update ${budgetEvents} e set arrived_us = later.arrived_us from later
    where e.bucket = later.bucket and e.project_id = later.project_id and e.id_hash = later.id_hash
    returning later.place, later.us`);
  return eventsAt(events, found).map(({ event, us }) => ({
    event,
    countedUs: us ?? event.arrivedUs,
  }));
}

/** Gives claims back. @returns the events that had one, each with the arrival by which it stands as counted */
export async function unclaimBudgetEvents<Event extends ArrivedEvent>(
  tx: Db,
  events: readonly Event[],
): Promise<Event[]> {
  if (events.length === 0) return [];
  const found = await tx.execute(sql`
    with asked as (${asked(events)}),
    gone as (
      delete from ${budgetEvents} e using asked
      where e.bucket = asked.bucket and e.project_id = asked.project_id and e.id_hash = asked.id_hash
      returning e.project_id, e.bucket, e.id_hash, e.arrived_us)
    select min(asked.place) as place, min(gone.arrived_us) as us
    from asked join gone using (project_id, bucket, id_hash)
    group by project_id, bucket, id_hash order by 1`);
  return eventsAt(events, found).map(({ event, us }) => ({
    ...event,
    arrivedUs: us ?? event.arrivedUs,
  }));
}

function asked(events: readonly ArrivedEvent[]) {
  const rows = events.map(({ projectId, bucket, id, arrivedUs }, place) => {
    const hash = createHash("md5").update(id).digest("hex");
    return { project_id: projectId, bucket, id_hash: hash, arrived_us: arrivedUs, place };
  });
  return sql`select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
    as asked(project_id uuid, bucket bigint, id_hash text, arrived_us bigint, place int)`;
}

const placed = z.array(
  z.object({
    place: z.coerce.number(),
    us: z.union([z.number(), z.string(), z.bigint()]).nullable(),
  }),
);

function eventsAt<Event>(events: readonly Event[], result: unknown) {
  return placed.parse(rowsOf(result)).flatMap(({ place, us }) => {
    const event = events[place];
    return event === undefined ? [] : [{ event, us: us === null ? null : Number(us) }];
  });
}
