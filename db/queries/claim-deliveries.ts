import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import type { DeliveryAttemptRow, DeliveryRow } from "@/db/queries/deliveries";
import { rowsOf } from "@/db/rows-of";
import { channels, deliveries, deliveryAttempts } from "@/db/schema/alerts";

/**
 * Takes deliveries that are due: of the channels that wait longest some each, and none of the busy ones, so that a channel
 * that hangs holds one place and no other's. A try is counted when it begins: one that is never written down was one. Of
 * digests only the first is taken, for what is taken and not begun is put back (`releaseDeliveries`), and a digest that
 * was begun is closed.
 * @param claim.until past it they are free again, for whoever took them died
 * @returns in the order in which a channel is to have them
 */
export async function claimDeliveries(
  db: Db,
  claim: {
    now: Date;
    until: Date;
    channels: number;
    perChannel: number;
    busyChannelIds: readonly string[];
  },
): Promise<DeliveryRow[]> {
  const now = claim.now.toISOString();
  const busy = JSON.stringify(claim.busyChannelIds);
  const isFree = (row: "one" | "first" | "next") => {
    const name = sql.raw(row);
    return sql`${name}.state = 'pending' and ${name}.due_at <= ${now}::timestamptz
      and (${name}.claimed_until is null or ${name}.claimed_until <= ${now}::timestamptz)`;
  };
  const taken = await db.execute(sql`
    update ${deliveries} as taken set
      claimed_until = ${claim.until.toISOString()}::timestamptz, attempts = taken.attempts + 1
    where taken.id in (
      select one.id from ${deliveries} as one
      where one.id in (
        select due.id from (
          select channel.id, waiting.due_at from ${channels} as channel
          cross join lateral (
            select first.due_at from ${deliveries} as first
            where first.channel_id = channel.id and ${isFree("first")}
            order by first.due_at, first.id limit 1
          ) as waiting
          where channel.id::text not in (select jsonb_array_elements_text(${busy}::text::jsonb))
          order by waiting.due_at, channel.id
          limit ${claim.channels}
        ) as chosen
        cross join lateral (
          select next.id, next.digest_key, row_number() over (order by next.due_at, next.id) as place
          from ${deliveries} as next
          where next.channel_id = chosen.id and ${isFree("next")}
          order by next.due_at, next.id
          limit ${claim.perChannel}
        ) as due
        where due.place = 1 or due.digest_key is null
      ) and ${isFree("one")}
      for update skip locked
    )
    returning taken.id`);
  const ids = rowsOf(taken).map((row) => String((row as { id: unknown }).id));
  if (ids.length === 0) return [];
  return db
    .select()
    .from(deliveries)
    .where(inArray(deliveries.id, ids))
    .orderBy(asc(deliveries.dueAt), asc(deliveries.id));
}

/** Puts back what was claimed and not begun: no try of it is counted. */
export async function releaseDeliveries(db: Db, claimed: readonly DeliveryRow[]): Promise<void> {
  await db.execute(sql`
    update ${deliveries} as put_back set claimed_until = null, attempts = put_back.attempts - 1
    from jsonb_to_recordset(${JSON.stringify(claimed.map(claimOf))}::text::jsonb)
      as claimed(id uuid, attempts int, resends int)
    where ${isStillClaimed("put_back", "claimed")}`);
}

/**
 * The channel of a claimed delivery as it is now; null: it is gone, or the delivery is no longer whose claim this was, since
 * somebody cancelled it.
 */
export async function findClaimedChannelRow(
  db: Db,
  claimed: DeliveryRow,
): Promise<typeof channels.$inferSelect | null> {
  const [row] = await db
    .select({ channel: channels })
    .from(deliveries)
    .innerJoin(channels, eq(channels.id, deliveries.channelId))
    .where(
      and(
        eq(deliveries.id, claimed.id),
        eq(deliveries.state, "pending"),
        eq(deliveries.attempts, claimed.attempts),
        eq(deliveries.resends, claimed.resends),
      ),
    );
  return row?.channel ?? null;
}

function claimOf({ id, attempts, resends }: DeliveryRow) {
  return { id, attempts, resends };
}

/** What was sent again or claimed anew meanwhile is another one's. */
function isStillClaimed(row: string, claim: string) {
  const [own, given] = [sql.raw(row), sql.raw(claim)];
  return sql`${own}.id = ${given}.id and ${own}.state = 'pending'
    and ${own}.attempts = ${given}.attempts and ${own}.resends = ${given}.resends`;
}

/** What came of a try. */
export interface FinishedDelivery {
  delivery: DeliveryRow;
  outcome: Pick<DeliveryRow, "state" | "dueAt" | "lastError" | "sentAt" | "receipt">;
  /** null: nothing was sent. */
  attempt: Omit<DeliveryAttemptRow, "deliveryId" | "attempt"> | null;
}

/**
 * Writes down what came of a try, after those of earlier sendings, in one statement. Where its time was up and somebody
 * else has it now, nothing counts.
 */
export async function finishDelivery(
  db: Db,
  { delivery, outcome, attempt }: FinishedDelivery,
): Promise<void> {
  const row = {
    ...claimOf(delivery),
    state: outcome.state,
    due_at: outcome.dueAt.toISOString(),
    last_error: storable(outcome.lastError),
    sent_at: outcome.sentAt?.toISOString() ?? null,
    receipt: storable(outcome.receipt),
    at: attempt?.at.toISOString() ?? null,
    took_ms: attempt?.tookMs ?? null,
    error: storable(attempt?.error ?? null),
    status: attempt?.status ?? null,
  };
  await db.execute(sql`
    with given as (
      select * from jsonb_to_record(${JSON.stringify(row)}::text::jsonb) as given(
        id uuid, attempts int, resends int, state text, due_at timestamptz, last_error text,
        sent_at timestamptz, receipt text, at timestamptz, took_ms int, error text, status int)
    ), written as (
      update ${deliveries} as own set state = given.state, due_at = given.due_at,
        last_error = given.last_error, sent_at = given.sent_at, receipt = given.receipt,
        claimed_until = null
      from given where ${isStillClaimed("own", "given")}
      returning own.id, given.at, given.took_ms, given.error, given.status
    )
    insert into ${deliveryAttempts} (delivery_id, attempt, at, took_ms, error, status)
    select written.id, coalesce(
        (select max(attempt) from ${deliveryAttempts} as before where before.delivery_id = written.id), 0) + 1,
      written.at, written.took_ms, written.error, written.status
    from written where written.at is not null`);
}

/** What others say may be cut within a character or hold a zero: JSON of PostgreSQL takes neither. */
function storable(text: string | null): string | null {
  return text === null ? null : Buffer.from(text, "utf8").toString("utf8").replaceAll("\0", " ");
}
