import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/postgres";
import type { CounterKey } from "@/db/queries/budget-counters";
import { rowsOf } from "@/db/rows-of";
import { budgetCounters, reservations } from "@/db/schema/budgets";

/** Which reservation. */
export interface ReservationKey {
  projectId: string;
  id: string;
}

/** A reservation to be stored; money as decimal strings of US dollars, instants in ms since 1970. */
export interface NewReservation extends ReservationKey {
  decision: "allow" | "throttle" | "reroute";
  type: "llm" | "tool";
  agent: string | null;
  task: string | null;
  taskType: string | null;
  feature: string | null;
  user: string | null;
  session: string | null;
  traceId: string | null;
  provider: string | null;
  model: string | null;
  reservedUsd: string | null;
  holds: readonly object[];
  reasons: readonly object[];
  apiKeyId: string | null;
  bodyHash: string | null;
  createdAtMs: number;
  expiresAtMs: number;
}

const storedRow = z.object({
  projectId: z.string(),
  id: z.string(),
  state: z.string(),
  decision: z.enum(["allow", "throttle", "reroute"]),
  model: z.string().nullable(),
  reservedUsd: z.string().nullable(),
  reasons: z.unknown(),
  bodyHash: z.string().nullable(),
  expiresAtMs: z.coerce.number(),
});
/** What a repeated wish is answered from. */
export type StoredReservation = z.output<typeof storedRow>;

/** Finds those that are there. */
export async function findReservations(
  tx: Db,
  keys: readonly ReservationKey[],
): Promise<StoredReservation[]> {
  if (keys.length === 0) return [];
  const wanted = keys.map(({ projectId, id }) => ({ project_id: projectId, id }));
  const found = await tx.execute(sql`
    select r.project_id as "projectId", r.id, r.state, r.decision, r.model,
      r.reserved_usd::text as "reservedUsd", r.reasons, r.body_hash as "bodyHash",
      (extract(epoch from r.expires_at) * 1000)::bigint::text as "expiresAtMs"
    from ${reservations} r
    join jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb) as k(project_id uuid, id text)
      using (project_id, id)`);
  return storedRow.array().parse(rowsOf(found));
}

const COLUMNS = sql.raw(
  [
    "project_id",
    "id",
    "decision",
    "type",
    "agent",
    "task",
    "task_type",
    "feature",
    "user_name",
    "session",
    "trace_id",
    "provider",
    "model",
    "reserved_usd",
    "holds",
    "reasons",
    "api_key_id",
    "body_hash",
    "created_at",
    "expires_at",
  ].join(", "),
);

/** What a group takes of a counter that is locked. */
export interface CounterTake extends CounterKey {
  /** US dollars as a decimal string, the others as whole numbers. */
  usd: string;
  tokens: string;
  calls: string;
  toolCalls: string;
  throttleMinute: number;
  throttleCalls: number;
}

/**
 * Takes headroom of locked counters and stores the reservations that hold it, all in one statement.
 * @returns how many reservations; fewer than were given where an id was taken by somebody else meanwhile.
 * @throws Error where a counter is gone
 */
export async function storeReservations(
  tx: Db,
  takes: readonly CounterTake[],
  rows: readonly NewReservation[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const taken = JSON.stringify(
    takes.map(({ budgetId, toolCalls, throttleMinute, throttleCalls, ...take }) => ({
      ...take,
      budget_id: budgetId,
      tool_calls: toolCalls,
      minute: throttleMinute,
      throttled: throttleCalls,
    })),
  );
  // Reservations by bytes, as counters: two processes that store the same ids must not wait for each other in a circle.
  const answer = await tx.execute(sql`
    with taken as (
      update ${budgetCounters} c set
        reserved_usd = c.reserved_usd + t.usd, reserved_tokens = c.reserved_tokens + t.tokens,
        reserved_calls = c.reserved_calls + t.calls,
        reserved_tool_calls = c.reserved_tool_calls + t.tool_calls,
        throttle_minute = t.minute, throttle_calls = t.throttled,
        changed_at = greatest(clock_timestamp(), c.changed_at + interval '1 microsecond')
      from jsonb_to_recordset(${taken}::text::jsonb) as t(
        budget_id uuid, generation int, value text, period text, usd numeric, tokens bigint,
        calls bigint, tool_calls bigint, minute bigint, throttled int)
      where c.budget_id = t.budget_id and c.generation = t.generation
        and c.value = t.value and c.period = t.period
      returning 1),
    stored as (
      insert into ${reservations} (${COLUMNS}, state)
      select ${COLUMNS}, 'held' from jsonb_to_recordset(${JSON.stringify(rows.map(toColumns))}::text::jsonb) as r(
        project_id uuid, id text, decision text, type text, agent text, task text, task_type text,
        feature text, user_name text, session text, trace_id text, provider text, model text,
        reserved_usd numeric, holds jsonb, reasons jsonb, api_key_id uuid, body_hash text,
        created_at timestamptz, expires_at timestamptz)
      order by project_id, id collate "C"
      on conflict do nothing returning 1)
    select (select count(*) from taken)::int as taken, (select count(*) from stored)::int as stored`);
  const [counts] = storedCounts.parse(rowsOf(answer));
  if (counts.taken !== takes.length) throw new Error("a locked counter is gone");
  return counts.stored;
}

const storedCounts = z.tuple([z.object({ taken: z.coerce.number(), stored: z.coerce.number() })]);

function toColumns(row: NewReservation) {
  return {
    project_id: row.projectId,
    id: row.id,
    decision: row.decision,
    type: row.type,
    agent: row.agent,
    task: row.task,
    task_type: row.taskType,
    feature: row.feature,
    user_name: row.user,
    session: row.session,
    trace_id: row.traceId,
    provider: row.provider,
    model: row.model,
    reserved_usd: row.reservedUsd,
    holds: row.holds,
    reasons: row.reasons,
    api_key_id: row.apiKeyId,
    body_hash: row.bodyHash,
    created_at: new Date(row.createdAtMs).toISOString(),
    expires_at: new Date(row.expiresAtMs).toISOString(),
  };
}

const which = ({ projectId, id }: ReservationKey) =>
  and(eq(reservations.projectId, projectId), eq(reservations.id, id));

/** Reads one as it is. */
export async function findReservation(db: Db, key: ReservationKey) {
  const [row] = await db.select().from(reservations).where(which(key));
  return row;
}

/** Locks one until the transaction ends; its counters are locked before it. */
export async function lockReservation(tx: Db, key: ReservationKey) {
  const [row] = await tx.select().from(reservations).where(which(key)).for("update");
  return row;
}

/** Gives one up. */
export async function markReleased(tx: Db, key: ReservationKey, at: Date): Promise<void> {
  await tx.update(reservations).set({ state: "released", endedAt: at }).where(which(key));
}

/** Moves the end of one that is held, never to an earlier instant. @returns its end; null: it is not held. */
export async function extendReservation(
  db: Db,
  key: ReservationKey,
  expiresAt: Date,
): Promise<Date | null> {
  const [row] = await db
    .update(reservations)
    .set({
      expiresAt: sql`greatest(${reservations.expiresAt}, ${expiresAt.toISOString()}::timestamptz)`,
    })
    .where(and(which(key), eq(reservations.state, "held")))
    .returning({ expiresAt: reservations.expiresAt });
  return row?.expiresAt ?? null;
}
