import { sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { prepareOnce } from "@/db/prepare-once";
import type { CounterKey } from "@/db/queries/budget-counters";
import type { NewReservation } from "@/db/queries/reservations";

/** A counter that decisions depended on, and what they take of it: nothing where none took anything. */
export interface CounterTake extends CounterKey {
  /** The row version by which was decided, as `lockBudgetCounters` and `commitHolds` tell it. */
  rowVersion: string;
  /** US dollars as a decimal string, the others as whole numbers. */
  usd: string;
  tokens: string;
  calls: string;
  toolCalls: string;
  throttleMinute: number;
  throttleCalls: number;
}

/** What was refused of one kind in one hour. */
export interface RefusalCount {
  projectId: string;
  /** Start of the hour, ms since 1970. */
  hourMs: number;
  sourceId: string;
  code: string;
  value: string;
  agent: string;
  feature: string;
  model: string;
  calls: number;
  /** US dollars; null: not known. */
  estimatedUsd: string | null;
  lastAtMs: number;
  message: string;
}

/** What a group of decisions writes. */
export interface GroupWrites {
  /** The policy by which was decided. */
  policyVersion: number;
  takes: readonly CounterTake[];
  made: readonly NewReservation[];
  refused: readonly RefusalCount[];
}

/**
 * Writes what was decided, if it still holds: the policy is of that version and every counter the very row that was
 * looked at. Both are held until the transaction ends, so whoever decided without a lock decided as with one.
 * @returns the version that moved counters now have; `null` where something is another, and then nothing is written
 * @throws an error of which `isIdStored` is true where a reservation of such an id is there; nothing is written
 */
export async function commitHolds(db: Db, writes: GroupWrites): Promise<string | null> {
  const [row] = await prepared(db).execute({
    policyVersion: String(writes.policyVersion),
    takes: JSON.stringify(writes.takes.map(toTake)),
    made: JSON.stringify(writes.made.map(toReservation)),
    refused: JSON.stringify(writes.refused.map(toRefusal)),
  });
  if (!row) throw new Error("PostgreSQL did not say what came of the reservations");
  return /^\d+$/.test(row.result) ? row.result : null;
}

/** Whether a reservation was not stored because one of its id is there already. */
export function isIdStored(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && cause.code === "OL001") return true;
  }
  return false;
}

/** The same text each time, of which a server keeps the plan: reading and planning it took as long as running it. */
const prepared = prepareOnce((db) => {
  const given = (name: string) => sql`${sql.placeholder(name)}::text::jsonb`;
  const result = sql<string>`commit_holds(${sql.placeholder("policyVersion")}::text::bigint,
    ${given("takes")}, ${given("made")}, ${given("refused")})`;
  return db.select({ result }).from(sql`(values (1)) as once`).prepare("commit_holds");
});

/** Short names, and no zeros: a group has a hundred of them, and reading them is a third of what PostgreSQL does. */
function toTake(take: CounterTake) {
  return {
    b: take.budgetId,
    g: take.generation,
    k: take.value,
    p: take.period,
    seen: take.rowVersion,
    u: take.usd,
    t: take.tokens,
    c: take.calls,
    x: take.toolCalls === "0" ? undefined : take.toolCalls,
    m: take.throttleMinute || undefined,
    n: take.throttleCalls || undefined,
  };
}

function toReservation(row: NewReservation) {
  return {
    project_id: row.projectId,
    id: row.id,
    decision: row.decision,
    type: row.type,
    agent: row.agent ?? undefined,
    task: row.task ?? undefined,
    task_type: row.taskType ?? undefined,
    feature: row.feature ?? undefined,
    user_name: row.user ?? undefined,
    session: row.session ?? undefined,
    trace_id: row.traceId ?? undefined,
    provider: row.provider ?? undefined,
    model: row.model ?? undefined,
    reserved_usd: row.reservedUsd ?? undefined,
    holds: row.holds,
    reasons: row.reasons.length > 0 ? row.reasons : undefined,
    api_key_id: row.apiKeyId ?? undefined,
    body_hash: row.bodyHash ?? undefined,
    created_at: new Date(row.createdAtMs).toISOString(),
    expires_at: new Date(row.expiresAtMs).toISOString(),
  };
}

function toRefusal(count: RefusalCount) {
  return {
    project_id: count.projectId,
    hour: new Date(count.hourMs).toISOString(),
    source_id: count.sourceId,
    code: count.code,
    value: count.value,
    agent: count.agent,
    feature: count.feature,
    model: count.model,
    calls: count.calls,
    estimated_usd: count.estimatedUsd,
    last_at: new Date(count.lastAtMs).toISOString(),
    message: count.message,
  };
}
