import { z } from "zod";

/** Columns of one call as its page shows it, without the two that only one call's page needs. */
export const CALL_COLUMNS = `project_id, id, toString(ts) AS timestamp, toString(ingested_at) AS arrival, revision, counted,
  type, name, provider, model, requested_model, agent, task, task_type, feature, user, session, trace_id,
  span_id, parent_span_id, has_usage, usage_source, usage, cost_usd, list_cost_usd, reported_cost_usd,
  cost_status, cost_reason, service_tier, inference_geo, provider_account, status, error_type, attempt,
  duration_ms, time_to_first_token_ms, cache_layer, cache_hit, routing_strategy, routing_tier,
  routing_baseline_model, reservation_id, prompt_hash, prefix_hashes, system_prompt_tokens, source,
  sequence, missing_tags, metadata, api_key_id, linked_id, response_id`;

const text = z.string();
const usd = z.string().nullable();
const count = z.string().regex(/^\d+$/).transform(Number);

export const callRow = z.object({
  project_id: text,
  id: text,
  /** UTC, `2026-11-21 10:00:00.123456`. */
  timestamp: text,
  arrival: text,
  revision: z.int(),
  counted: z.boolean(),
  type: z.enum(["llm", "tool", "agent", "step", "guard"]),
  name: text,
  provider: text,
  model: text,
  requested_model: text,
  agent: text,
  task: text,
  task_type: text,
  feature: text,
  user: text,
  session: text,
  trace_id: text,
  span_id: text,
  parent_span_id: text,
  has_usage: z.boolean(),
  usage_source: z.enum(["reported", "estimated"]),
  usage: text,
  cost_usd: usd,
  list_cost_usd: usd,
  reported_cost_usd: usd,
  cost_status: text,
  cost_reason: text,
  service_tier: text,
  inference_geo: text,
  provider_account: text,
  status: z.enum(["ok", "error"]),
  error_type: text,
  attempt: z.int(),
  duration_ms: z.number().nullable(),
  time_to_first_token_ms: z.number().nullable(),
  cache_layer: text,
  cache_hit: z.boolean().nullable(),
  routing_strategy: text,
  routing_tier: text,
  routing_baseline_model: text,
  reservation_id: text,
  prompt_hash: text,
  prefix_hashes: z.array(text),
  system_prompt_tokens: count.nullable(),
  source: text,
  sequence: count.nullable(),
  missing_tags: z.array(text),
  metadata: z.record(z.string(), text),
  api_key_id: text,
  /** Id of the call that counts instead of this one. */
  linked_id: text,
  response_id: text,
});
export type CallRow = z.output<typeof callRow>;
