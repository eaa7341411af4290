import { sql } from "drizzle-orm";

/** From which figures on a counter of a budget's generation is given back by a move. */
export interface CounterWatch {
  budgetId: string;
  generation: number;
  /** Reaching one of them is enough; null: this one never is. Dollars and whole numbers as decimal text. */
  from: {
    usd: string | null;
    tokens: string | null;
    calls: string | null;
    toolCalls: string | null;
    ms: string | null;
  };
  /** Also with anything unreserved. */
  isStrict: boolean;
}

/** Whether a counter `c` has come as far as its watch `w` says. */
export const IS_REACHED = sql.raw(`(c.spent_usd >= w.usd or c.spent_tokens >= w.tokens
  or c.spent_calls >= w.calls or c.spent_tool_calls >= w.tool_calls or c.spent_ms >= w.ms
  or (w.is_strict and c.unreserved_events > 0))`);

/** Watches as rows `w`, by budget and generation. */
export function watchedCounters(watches: readonly CounterWatch[]) {
  const rows = watches.map(({ budgetId, generation, isStrict, from }) => {
    const { toolCalls, ...rest } = from;
    return { budget_id: budgetId, generation, is_strict: isStrict, ...rest, tool_calls: toolCalls };
  });
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
    as w(budget_id uuid, generation int, is_strict boolean, usd numeric, tokens numeric, calls numeric,
      tool_calls numeric, ms numeric)`;
}
