import { and, eq, inArray, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import type { RenamedCounter } from "@/db/queries/erase-name-of-budgets";
import type { BudgetRow } from "@/db/queries/policy";
import { rowsOf } from "@/db/rows-of";
import { alertSnoozes, alerts } from "@/db/schema/alerts";
import { budgetCounters, budgets } from "@/db/schema/budgets";

/** Kinds of alerts that are over with a counter's period. */
const OF_PERIODS = ["threshold", "unreserved"];

/** Says that what was told of a budget under other limits is over. The policy's version is being changed. */
export async function resolveAlertsOfLimits(
  tx: Db,
  { id, limitRevision }: Pick<BudgetRow, "id" | "limitRevision">,
  resolvedAt: Date,
): Promise<void> {
  await tx
    .update(alerts)
    .set({ resolvedAt })
    .where(
      and(
        eq(alerts.budgetId, id),
        eq(alerts.kind, "threshold"),
        lt(alerts.limitRevision, limitRevision),
        isNull(alerts.resolvedAt),
      ),
    );
}

/** Ids of budgets with alerts of periods that are not known to be over. */
export async function listBudgetsWithOpenAlerts(db: Db): Promise<BudgetRow[]> {
  const open = db
    .selectDistinct({ id: alerts.budgetId })
    .from(alerts)
    .where(and(isNull(alerts.resolvedAt), inArray(alerts.kind, OF_PERIODS)));
  return db.select().from(budgets).where(inArray(budgets.id, open));
}

/** What of a budget's alerts is over. */
export interface EndedAlerts {
  budgetId: string;
  /** Those of calendar periods before this one; null: those of sessions or traces that are idle. */
  beforePeriod: string | null;
  /** The budget was removed: all are. */
  isAll: boolean;
}

/**
 * Says that alerts of budgets are over whose period ended, whose budget was removed, or whose session or trace has not
 * moved since `idleSince`. It changes nothing that decides, so whoever does it twice does no harm.
 * @returns how many
 */
export async function resolveEndedAlerts(
  db: Db,
  ended: readonly EndedAlerts[],
  { now, idleSince }: { now: Date; idleSince: Date },
): Promise<number> {
  if (ended.length === 0) return 0;
  const rows = ended.map(({ budgetId, beforePeriod, isAll }) => {
    return { budget_id: budgetId, before_period: beforePeriod, is_all: isAll };
  });
  const idle = sql`${idleSince.toISOString()}::timestamptz`;
  const found = await db.execute(sql`
    update ${alerts} a set resolved_at = ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as e(budget_id uuid, before_period text, is_all boolean)
      join ${budgets} b on b.id = e.budget_id
    where a.budget_id = e.budget_id and a.resolved_at is null
      and a.kind in (${sql.join(
        OF_PERIODS.map((kind) => sql`${kind}`),
        sql`, `,
      )})
      and (e.is_all
        or a.period collate "C" < e.before_period collate "C"
        or (e.before_period is null and a.opened_at < ${idle}
          and not exists (select 1 from ${budgetCounters} c
            where c.budget_id = a.budget_id and c.generation = b.generation and c.value = a.value
              and c.period = a.period and c.changed_at >= ${idle})))
    returning a.id`);
  return rowsOf(found).length;
}

/** A name that an erasure takes out of a project's alerts, or of one counter's. */
export interface ErasedAlertName {
  projectId: string;
  column: "user" | "session";
  name: string;
  replacement: string;
}

/** Takes a user's or session's name out of what was told of budgets by it. */
export async function eraseNameOfAlerts(tx: Db, asked: ErasedAlertName): Promise<void> {
  const { projectId, column, name, replacement } = asked;
  const isValue = sql`(a.value = ${name} and b.scope = ${column})`;
  const isPeriod = sql`(a.period = ${name} and b."window" = 'session' and ${column === "session"})`;
  // One of the whole installation is of calls of other projects too, where the name was not erased: it keeps its
  // counter, and its alerts go with the counter.
  await eraseAlerts(tx, sql`b.project_id = ${projectId}::uuid and (${isValue} or ${isPeriod})`, {
    value: sql`case when ${isValue} then ${replacement}::text else a.value end`,
    period: sql`case when ${isPeriod} then ${replacement}::text else a.period end`,
  });
}

/** Names of counters that an erasure renamed, where no counter has them any more. */
export async function eraseCountersOfAlerts(
  tx: Db,
  renamed: readonly RenamedCounter[],
): Promise<void> {
  if (renamed.length === 0) return;
  const rows = renamed.map(({ budgetId, value, period, toValue, toPeriod }) => {
    return { budget_id: budgetId, value, period, to_value: toValue, to_period: toPeriod };
  });
  const of = sql`(select distinct on (budget_id, value, period) *
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as r(budget_id uuid, value text, period text, to_value text, to_period text)
    order by budget_id, value, period)`;
  await eraseAlerts(
    tx,
    sql`not exists (select 1 from ${budgetCounters} c where c.budget_id = a.budget_id
      and c.value = a.value and c.period = a.period)`,
    { value: sql`r.to_value`, period: sql`r.to_period` },
    sql`join ${of} r on r.budget_id = a.budget_id and r.value = a.value and r.period = a.period`,
  );
}

/**
 * Gives alerts another value and period. Their key says what they were recorded once for, with the name in it: none but
 * their own id is left. Nobody is to be silenced by that name any more either.
 */
async function eraseAlerts(
  tx: Db,
  which: SQL,
  to: { value: SQL; period: SQL },
  join: SQL = sql``,
): Promise<void> {
  await tx.execute(sql`
    with named as (
      select a.id, a.subject, ${to.value} as value, ${to.period} as period
      from ${alerts} a join ${budgets} b on b.id = a.budget_id ${join} where ${which}),
    heard as (
      delete from ${alertSnoozes} s using named n, ${alerts} a
      where a.id = n.id and n.value is distinct from a.value and s.subject = n.subject)
    update ${alerts} a set value = n.value, period = n.period, key = 'erased:' || a.id,
      subject = 'budget:' || a.budget_id || ':' || n.value,
      facts = case when a.facts->>'period' = a.period
        then jsonb_set(a.facts, '{period}', to_jsonb(n.period)) else a.facts end
    from named n where a.id = n.id`);
}
