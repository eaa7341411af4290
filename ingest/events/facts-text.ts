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
 * What the event said besides `factsText`, in one order: how it stated its usage, its tier and region, and
 * content that may not be kept. Raw usage counts as it was sent, never as we normalise it: a later version
 * of the normaliser must not turn a retry into a conflict.
 * @param usageJson the event's usage as text, `""` for none.
 */
export function otherContent(event: CheckedEvent, usageJson: string): string {
  const f = event.fields;
  const tags = `\n${f.service_tier ?? ""}\n${f.inference_geo ?? ""}\n`;
  const usage = f.raw_usage ? f.raw_usage.api + canonicalJson(f.raw_usage.body) : usageJson;
  return f.content ? `${tags}${usage}\n${canonicalJson(f.content)}` : tags + usage;
}
