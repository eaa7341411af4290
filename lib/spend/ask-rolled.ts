import type { ClickHouse } from "@/db/clickhouse/client";
import type { Rolled } from "@/db/clickhouse/spend-sources";
import { findCleanRollups } from "@/lib/spend/find-clean-rollups";
import { type PlannedQuestion, planSpend } from "@/lib/spend/plan-spend";

/** A list of generations older than this, in ms, is listed again: replaced ones are deleted after some minutes. */
const MAX_LIST_AGE_MS = 120_000;

/**
 * Asks with what is clean now, and unchanged since the asked moment. The list is read first and bound, never a
 * subquery: each table of a statement is seen at a moment of its own, so a flip in between could show a generation
 * whose rows are not seen yet, and a bucket could be counted from both tables or from none.
 */
export async function askRolled<Rows>(
  clickhouse: ClickHouse,
  cube: Rolled["cube"],
  question: PlannedQuestion & { projectIds: string[]; asOfUs: number | null },
  ask: (rolled: Rolled | null) => Promise<Rows>,
): Promise<Rows> {
  const { projectIds, fromUs, toUs, asOfUs } = question;
  for (;;) {
    const listedAtMs = performance.now();
    const clean = await findCleanRollups(clickhouse, { projectIds, fromUs, toUs, asOfUs });
    const rows = await ask(planSpend(cube, question, clean));
    if (performance.now() - listedAtMs <= MAX_LIST_AGE_MS) return rows;
  }
}
