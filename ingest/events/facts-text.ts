import { numberMember, quote, textMember } from "@/ingest/events/json-text";
import { canonicalJson } from "@/lib/events/canonical-json";
import type { CheckedEvent } from "@/lib/events/check-event";
import { formatUsd } from "@/lib/money";

/**
 * The columns an event states itself, as JSON members in one order, each with a leading comma. What was not
 * sent is left out: the column's default ("" or NULL) says the same, and a shorter line is parsed faster.
 *
 * It is half of the row and, being in one order with defaults filled in, also what the content hash is
 * taken of: building one text for both is cheaper than any second canonical form.
 */
export function factsText(event: CheckedEvent): string {
  const f = event.fields;
  // A failure's kind says that it failed; a missing status must not turn it into a success.
  const status = f.status ?? (f.error_type ? "error" : "ok");
  return (
    `,"type":"${f.type ?? "llm"}","status":"${status}"` +
    `,"usage_source":"${f.usage_source ?? "reported"}"` +
    textMember("provider", f.provider) +
    textMember("model", f.model) +
    textMember("requested_model", f.requested_model) +
    textMember("agent", f.agent) +
    textMember("task", f.task) +
    textMember("task_type", f.task_type) +
    textMember("feature", f.feature) +
    textMember("user", f.user) +
    textMember("session", f.session) +
    textMember("name", f.name) +
    textMember("trace_id", f.trace_id) +
    textMember("span_id", f.span_id) +
    textMember("parent_span_id", f.parent_span_id) +
    numberMember("duration_ms", f.duration_ms) +
    numberMember("time_to_first_token_ms", f.time_to_first_token_ms) +
    textMember("error_type", f.error_type) +
    numberMember("attempt", f.attempt) +
    rareMembers(event)
  );
}

function rareMembers(event: CheckedEvent): string {
  const f = event.fields;
  let text = "";
  if (event.reportedCostFemtoUsd !== null) {
    text += `,"reported_cost_usd":"${formatUsd(event.reportedCostFemtoUsd)}"`;
  }
  if (f.metadata) text += metadataMember(f.metadata);
  if (f.cache) text += `,"cache_layer":"${f.cache.layer}","cache_hit":${f.cache.hit}`;
  if (f.routing) {
    text +=
      textMember("routing_strategy", f.routing.strategy) +
      textMember("routing_tier", f.routing.tier) +
      textMember("routing_baseline_model", f.routing.baseline_model);
  }
  if (f.prefix_hashes?.length) text += `,"prefix_hashes":[${f.prefix_hashes.map(quote).join(",")}]`;
  return (
    text +
    textMember("provider_account", f.provider_account) +
    textMember("reservation_id", f.reservation_id) +
    textMember("prompt_hash", f.prompt_hash) +
    numberMember("system_prompt_tokens", f.system_prompt_tokens) +
    textMember("source", f.source) +
    numberMember("sequence", f.sequence)
  );
}

function metadataMember(metadata: Record<string, string>): string {
  const keys = Object.keys(metadata).sort();
  if (keys.length === 0) return "";
  const members = keys.map((key) => `${quote(key)}:${quote(metadata[key] ?? "")}`);
  return `,"metadata":{${members.join(",")}}`;
}

/**
 * What the sender said that the row keeps in another form or not at all, in one order: the provider's own usage
 * object, a tier or region beside it, and content.
 */
export function unkeptFacts(event: CheckedEvent): string {
  const { raw_usage: raw, service_tier: tier, inference_geo: geo, content } = event.fields;
  let text = "";
  if (raw) text = `${raw.api}${canonicalJson(raw.body)}\n${tier ?? ""}\n${geo ?? ""}`;
  return content ? `${text}\n${canonicalJson(content)}` : text;
}
