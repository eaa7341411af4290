import type { z } from "zod";
import { toDateTimeText } from "@/db/clickhouse/llm-call-row";
import type { listSessions } from "@/db/clickhouse/queries/list-sessions";
import { toRfc3339 } from "@/lib/calls/to-rfc-3339";
import type { SessionOutcome } from "@/lib/outcomes/find-session-outcomes";
import { type SessionAnswer, sessionFiguresSchema } from "@/lib/sessions/session-schemas";
import { toFigures } from "@/lib/spend/figures";

type SessionRow = Awaited<ReturnType<typeof listSessions>>[number];

const FIGURES = Object.keys(sessionFiguresSchema.shape);
const LISTED_AGENTS = 10;

/** All of them: each was asked for. */
function toSessionFigures(row: SessionRow) {
  return toFigures(row, FIGURES) as z.input<typeof sessionFiguresSchema>;
}

/** A session's sums in the contract's words. @param outcome null: none was reported */
export function toSession(
  row: SessionRow,
  slugs: ReadonlyMap<string, string>,
  outcome: SessionOutcome | null,
): SessionAnswer {
  return {
    session: row.session === "" ? null : row.session,
    trace_id: row.trace === "" ? null : row.trace,
    project: slugs.get(row.project_id) ?? row.project_id,
    started_at: toRfc3339(toDateTimeText(row.started_us)),
    ended_at: toRfc3339(toDateTimeText(row.ended_us)),
    duration_ms: (row.ended_us - row.started_us) / 1000,
    ...toSessionFigures(row),
    steps: row.steps,
    retries: row.retries,
    agents: row.agents.slice(0, LISTED_AGENTS),
    agent_count: row.agents.length,
    outcome: outcome?.status ?? null,
    outcome_value_usd: outcome?.valueUsd ?? null,
  };
}
