import type { CallAnswer } from "@/lib/calls/call-schemas";
import type { CsvCell } from "@/lib/export/csv";
import type { CsvColumn } from "@/lib/export/write-csv-pages";
import type { Usage } from "@/lib/usage/usage";

type CallColumn = CsvColumn<CallAnswer>;

/** Counts of a call's usage, each a column of its own. */
const USAGE_COUNTS = [
  "input_tokens",
  "cache_read_tokens",
  "cache_write_5m_tokens",
  "cache_write_1h_tokens",
  "input_audio_tokens",
  "cache_read_audio_tokens",
  "output_tokens",
  "reasoning_tokens",
  "output_audio_tokens",
  "web_searches",
  "gpu_seconds",
] as const satisfies readonly (keyof Usage)[];

/**
 * Every field of a call as a list shows it, in its order; times are UTC. What one column cannot hold is JSON
 * (`units`, `metadata`, lists), and what was not sent is empty.
 */
export const CALL_COLUMNS: readonly CallColumn[] = [
  text("id"),
  text("project"),
  plain("timestamp"),
  plain("ingested_at"),
  ...texts("type", "name", "provider", "model", "requested_model", "agent", "task", "task_type"),
  ...texts("feature", "user", "session", "trace_id", "span_id", "parent_span_id"),
  ...USAGE_COUNTS.map((name) => ({
    name,
    read: (call: CallAnswer) => ({ plain: usageOf(call)[name] ?? null }),
  })),
  { name: "units", read: (call) => json(usageOf(call).units) },
  text("usage_source"),
  ...texts("service_tier", "inference_geo", "provider_account"),
  plain("cost_usd"),
  plain("list_cost_usd"),
  plain("reported_cost_usd"),
  ...texts("cost_status", "cost_reason"),
  plain("counted"),
  text("linked_id"),
  ...texts("status", "error_type"),
  plain("attempt"),
  plain("duration_ms"),
  plain("time_to_first_token_ms"),
  { name: "cache_layer", read: ({ cache }) => ({ text: cache?.layer ?? null }) },
  { name: "cache_hit", read: ({ cache }) => ({ plain: cache?.hit ?? null }) },
  { name: "routing_strategy", read: ({ routing }) => ({ text: routing?.strategy ?? null }) },
  { name: "routing_tier", read: ({ routing }) => ({ text: routing?.tier ?? null }) },
  {
    name: "routing_baseline_model",
    read: ({ routing }) => ({ text: routing?.baseline_model ?? null }),
  },
  ...texts("reservation_id", "response_id", "prompt_hash"),
  { name: "prefix_hashes", read: ({ prefix_hashes }) => json(prefix_hashes) },
  plain("system_prompt_tokens"),
  text("source"),
  plain("sequence"),
  { name: "metadata", read: ({ metadata }) => json(metadata) },
  { name: "missing_tags", read: ({ missing_tags }) => json(missing_tags) },
];

type NamesOf<Value> = {
  [Name in keyof CallAnswer]: CallAnswer[Name] extends Value ? Name : never;
}[keyof CallAnswer];

function text(name: NamesOf<string | null>): CallColumn {
  return { name, read: (call) => ({ text: call[name] }) };
}

function texts(...names: NamesOf<string | null>[]): CallColumn[] {
  return names.map(text);
}

/** What we wrote ourselves: numbers, amounts, times. No text of a caller's. */
function plain(name: NamesOf<string | number | boolean | null>): CallColumn {
  return { name, read: (call) => ({ plain: call[name] }) };
}

function json(value: object | null | undefined): CsvCell {
  return { text: value && Object.keys(value).length > 0 ? JSON.stringify(value) : null };
}

/** The stored usage was checked as it was received. */
function usageOf(call: CallAnswer): Usage {
  return call.usage ?? {};
}
