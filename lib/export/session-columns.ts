import type { CsvCell } from "@/lib/export/csv";
import type { SessionAnswer } from "@/lib/sessions/session-schemas";

interface SessionColumn {
  name: keyof SessionAnswer;
  read: (session: SessionAnswer) => CsvCell;
}

/** Every field of a session as a list shows it; times are UTC, agents the first ten by name as JSON. */
export const SESSION_COLUMNS: readonly SessionColumn[] = [
  ...texts("session", "trace_id", "project"),
  ...plains("started_at", "ended_at", "duration_ms"),
  ...plains("cost_usd", "unpriced_calls", "partial_calls"),
  ...plains("calls", "steps", "errors", "retries"),
  ...plains("input_tokens", "cache_read_tokens", "cache_write_tokens"),
  ...plains("output_tokens", "reasoning_tokens"),
  {
    name: "agents",
    read: ({ agents }) => ({ text: agents.length > 0 ? JSON.stringify(agents) : null }),
  },
  ...plains("agent_count"),
  ...texts("outcome"),
  ...plains("outcome_value_usd"),
];

type NamesOf<Value> = {
  [Name in keyof SessionAnswer]: SessionAnswer[Name] extends Value ? Name : never;
}[keyof SessionAnswer];

function texts(...names: NamesOf<string | null>[]): SessionColumn[] {
  return names.map((name) => ({ name, read: (session) => ({ text: session[name] }) }));
}

/** What we wrote ourselves: numbers, amounts, times. No text of a caller's. */
function plains(...names: NamesOf<string | number | null>[]): SessionColumn[] {
  return names.map((name) => ({ name, read: (session) => ({ plain: session[name] }) }));
}
