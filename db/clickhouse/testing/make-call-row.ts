import { type LlmCallRow, toBucket, toDateTimeText, toVersion } from "@/db/clickhouse/llm-call-row";

let arrivals = 0;
const FIRST_ARRIVAL_US = Date.UTC(2026, 10, 21) * 1000;

/** What a test says about a row; times in ms since 1970. The rest is a plain priced call. */
export type CallRowOptions = Partial<
  Omit<LlmCallRow, "bucket" | "ts" | "version" | "ingested_at">
> & {
  atMs: number;
  ingestedAtUs?: number;
};

/** A row as ingest would write it. Arrivals without a time of their own come one microsecond apart. */
export function makeCallRow({ atMs, ingestedAtUs, ...given }: CallRowOptions): LlmCallRow {
  arrivals += 1;
  const arrivalUs = ingestedAtUs ?? FIRST_ARRIVAL_US + arrivals;
  const revision = given.revision ?? 0;
  return {
    ...PLAIN_CALL,
    id: `call-${arrivals}`,
    ...given,
    revision,
    bucket: toBucket(atMs * 1000),
    ts: toDateTimeText(atMs * 1000),
    version: toVersion(revision, arrivalUs),
    ingested_at: toDateTimeText(arrivalUs),
  };
}

/** JSON lines for `insertLines`. */
export function toLines(rows: readonly LlmCallRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

const PLAIN_CALL = {
  project_id: "project-a",
  revision: 0,
  api_key_id: "key-1",
  type: "llm",
  name: "",
  provider: "openai",
  model: "gpt-5",
  requested_model: "gpt-5",
  agent: "planner",
  task: "",
  task_type: "",
  feature: "search",
  user: "",
  session: "",
  trace_id: "",
  span_id: "",
  parent_span_id: "",
  has_usage: true,
  usage_source: "reported",
  input_tokens: 100,
  cache_read_tokens: 0,
  cache_write_5m_tokens: 0,
  cache_write_1h_tokens: 0,
  input_audio_tokens: 0,
  output_tokens: 10,
  reasoning_tokens: 0,
  output_audio_tokens: 0,
  web_searches: 0,
  gpu_seconds: "0",
  usage: '{"input_tokens":100,"output_tokens":10}',
  raw_usage: "",
  cost_usd: "0.001",
  list_cost_usd: "0.001",
  reported_cost_usd: null,
  cost_status: "priced",
  cost_reason: "",
  price: "",
  service_tier: "standard",
  inference_geo: "",
  provider_account: "",
  status: "ok",
  error_type: "",
  attempt: 0,
  duration_ms: null,
  time_to_first_token_ms: null,
  cache_layer: "",
  cache_hit: null,
  routing_strategy: "",
  routing_tier: "",
  routing_baseline_model: "",
  reservation_id: "",
  prompt_hash: "",
  prefix_hashes: [],
  system_prompt_tokens: null,
  source: "",
  sequence: null,
  missing_tags: [],
  metadata: {},
} as const satisfies Partial<LlmCallRow>;
