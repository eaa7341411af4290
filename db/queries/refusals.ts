import { sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { refusals } from "@/db/schema/budgets";

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

const KEY = sql.raw("project_id, hour, source_id, code, value, agent, feature, model");
/** By bytes: two processes must not wait for each other in a circle. */
const KEY_ORDER = sql.raw(
  'project_id, hour, source_id, code, value collate "C", agent collate "C", feature collate "C", model collate "C"',
);

/** Adds to what was refused, all in one statement; each kind and hour at most once in `counts`. */
export async function addToRefusals(tx: Db, counts: readonly RefusalCount[]): Promise<void> {
  if (counts.length === 0) return;
  const values = counts.map((count) => ({
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
  }));
  await tx.execute(sql`
    insert into ${refusals} as r (${KEY}, calls, estimated_usd, last_at, message)
    select ${KEY}, calls, estimated_usd, last_at, message
    from jsonb_to_recordset(${JSON.stringify(values)}::text::jsonb) as n(
      project_id uuid, hour timestamptz, source_id uuid, code text, value text, agent text,
      feature text, model text, calls bigint, estimated_usd numeric, last_at timestamptz,
      message text)
    order by ${KEY_ORDER}
    on conflict (${KEY}) do update set calls = r.calls + excluded.calls,
      estimated_usd = coalesce(r.estimated_usd + excluded.estimated_usd, r.estimated_usd, excluded.estimated_usd),
      last_at = excluded.last_at, message = excluded.message`);
}
