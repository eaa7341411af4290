import { sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { budgetCounters, budgets, refusals, reservations } from "@/db/schema/budgets";

/** A counter whose value or period was a name, and the one that has its calls now. */
export interface RenamedCounter {
  budgetId: string;
  generation: number;
  value: string;
  period: string;
  toValue: string;
  toPeriod: string;
}

/**
 * Deletes counters that are named after whom an erasure erased, once nothing is spent or held in them any more; what was
 * unreserved of them stays with their calls. One that calls of another project still count in keeps its name: there it
 * was not erased. The caller has locked
 * all of them.
 */
export async function dropRenamedCounters(
  tx: Db,
  renamed: readonly RenamedCounter[],
): Promise<void> {
  if (renamed.length === 0) return;
  const rows = renamed.map(({ budgetId, toValue, toPeriod, ...rest }) => {
    return { budget_id: budgetId, to_value: toValue, to_period: toPeriod, ...rest };
  });
  await tx.execute(sql`
    with renamed as (
      select distinct on (budget_id, generation, value, period) *
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as r(budget_id uuid, generation int, value text, period text, to_value text, to_period text)
      order by budget_id, generation, value, period),
    gone as (
      delete from ${budgetCounters} c using renamed r
      where c.budget_id = r.budget_id and c.generation = r.generation and c.value = r.value and c.period = r.period
        and c.spent_usd = 0 and c.spent_tokens = 0 and c.spent_calls = 0 and c.spent_tool_calls = 0
        and c.spent_ms = 0 and c.unknown_costs = 0
        and c.reserved_usd = 0 and c.reserved_tokens = 0 and c.reserved_calls = 0 and c.reserved_tool_calls = 0
      returning r.budget_id, r.generation, r.to_value, r.to_period, c.unreserved_usd, c.unreserved_events)
    insert into ${budgetCounters} as c (budget_id, generation, value, period, unreserved_usd, unreserved_events)
    select budget_id, generation, to_value, to_period, sum(unreserved_usd), sum(unreserved_events)
    from gone where unreserved_events <> 0
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (budget_id, generation, value, period) do update set
      unreserved_usd = c.unreserved_usd + excluded.unreserved_usd,
      unreserved_events = c.unreserved_events + excluded.unreserved_events`);
}

/**
 * Takes a user's or session's name out of a project's reservations that ended, with what they held, and out of its
 * refusals. One that is still open must find its counter by it; it goes with the others forty days after its end.
 */
export async function eraseNameOfReservations(
  tx: Db,
  asked: { projectId: string; column: "user" | "session"; name: string; replacement: string },
): Promise<void> {
  const { projectId, name, replacement } = asked;
  const column = sql.raw(asked.column === "user" ? "user_name" : "session");
  await tx.execute(sql`
    update ${reservations} set holds = '[]'::jsonb,
      user_name = case when user_name is null then null else ${replacement}::text end,
      session = case when session is null then null else ${replacement}::text end
    where project_id = ${projectId}::uuid and ${column} = ${name}
      and state in ('settled', 'released', 'expired')`);
  // Another row of the same refusals may have the replacement already: they are added up.
  await tx.execute(sql`
    with gone as (
      delete from ${refusals} r where project_id = ${projectId}::uuid and value = ${name}
        and exists (select 1 from ${budgets} b where b.id = r.source_id and b.scope = ${asked.column})
      returning r.*)
    insert into ${refusals} as r (project_id, hour, source_id, code, value, agent, feature, model, calls,
      estimated_usd, last_at, message)
    select project_id, hour, source_id, code, ${replacement}::text, agent, feature, model, calls,
      estimated_usd, last_at, '' from gone
    on conflict (project_id, hour, source_id, code, value, agent, feature, model) do update set
      calls = r.calls + excluded.calls, estimated_usd = r.estimated_usd + excluded.estimated_usd,
      last_at = greatest(r.last_at, excluded.last_at)`);
}
