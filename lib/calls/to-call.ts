import { z } from "zod";
import type { CallRow } from "@/db/clickhouse/call-columns";
import type { WholeCallRow } from "@/db/clickhouse/queries/find-call";
import {
  type CallAnswer,
  callSchema,
  type WholeCallAnswer,
  wholeCallSchema,
} from "@/lib/calls/call-schemas";
import { toRfc3339 } from "@/lib/calls/to-rfc-3339";

const costStatus = callSchema.shape.cost_status;
const revisionKind = wholeCallSchema.shape.revisions.element.shape.kind;
const jsonObject = z.record(z.string(), z.unknown());

/** A stored call in the contract's words: what was not sent is null, never empty text or 0. */
export function toCall(row: CallRow, slugs: ReadonlyMap<string, string>): CallAnswer {
  return {
    id: row.id,
    project: slugs.get(row.project_id) ?? row.project_id,
    timestamp: toRfc3339(row.timestamp),
    ingested_at: toRfc3339(row.arrival),
    type: row.type,
    name: sent(row.name),
    provider: sent(row.provider),
    model: sent(row.model),
    requested_model: sent(row.requested_model),
    agent: sent(row.agent),
    task: sent(row.task),
    task_type: sent(row.task_type),
    feature: sent(row.feature),
    user: sent(row.user),
    session: sent(row.session),
    trace_id: sent(row.trace_id),
    span_id: sent(row.span_id),
    parent_span_id: sent(row.parent_span_id),
    usage: readJson(row.usage),
    usage_source: row.has_usage ? row.usage_source : null,
    service_tier: sent(row.service_tier),
    inference_geo: sent(row.inference_geo),
    provider_account: sent(row.provider_account),
    cost_usd: row.cost_usd,
    list_cost_usd: row.list_cost_usd,
    reported_cost_usd: row.reported_cost_usd,
    cost_status: costStatus.parse(row.cost_status),
    cost_reason: sent(row.cost_reason),
    counted: row.counted,
    linked_id: sent(row.linked_id),
    status: row.status,
    error_type: sent(row.error_type),
    attempt: row.attempt === 0 ? null : row.attempt,
    duration_ms: row.duration_ms,
    time_to_first_token_ms: row.time_to_first_token_ms,
    cache: row.cache_hit === null ? null : { layer: row.cache_layer, hit: row.cache_hit },
    routing: toRouting(row),
    reservation_id: sent(row.reservation_id),
    response_id: sent(row.response_id),
    prompt_hash: sent(row.prompt_hash),
    prefix_hashes: row.prefix_hashes.length === 0 ? null : row.prefix_hashes,
    system_prompt_tokens: row.system_prompt_tokens,
    source: sent(row.source),
    sequence: row.sequence,
    metadata: row.metadata,
    missing_tags: row.missing_tags,
  };
}

/** A whole call: also its usage as received, the lines of its price, and what was derived of it when. */
export function toWholeCall(
  row: WholeCallRow,
  slugs: ReadonlyMap<string, string>,
): WholeCallAnswer {
  const call = toCall(row, slugs);
  return {
    ...call,
    raw_usage: readJson(row.raw_usage),
    price: readPrice(row.price),
    api_key_id: sent(row.api_key_id),
    revisions: toRevisions(row),
  };
}

/** Every state of a call, oldest first: as it was received, then what each correction made of it. */
function toRevisions(row: WholeCallRow): WholeCallAnswer["revisions"] {
  const earlier = row.earlier_revised_at.map((revisedAt, index) => ({
    revised_at: revisedAt,
    kind: row.earlier_kind[index] ?? "",
    reason: row.earlier_reason[index] ?? "",
    author: row.earlier_author[index] ?? "",
    counted: row.earlier_counted[index] ?? true,
    cost_usd: row.earlier_cost_usd[index] ?? null,
    cost_status: row.earlier_cost_status[index] ?? "",
    cost_reason: row.earlier_cost_reason[index] ?? "",
    price: row.earlier_price[index] ?? "",
  }));
  const { revision_kind: kind, revision_reason: reason, revision_author: author } = row;
  const current = { ...row, revised_at: row.revised, kind, reason, author };
  return [...earlier, current].map((state, index) => ({
    revision: index,
    // The first state has no time of its own: it came with the event.
    at: toRfc3339(index === 0 ? row.arrival : state.revised_at),
    kind: index === 0 ? "received" : revisionKind.parse(state.kind),
    reason: sent(state.reason),
    author: sent(state.author),
    counted: state.counted,
    cost_usd: state.cost_usd,
    cost_status: costStatus.parse(state.cost_status),
    cost_reason: sent(state.cost_reason),
    price: readPrice(state.price),
  }));
}

function readPrice(text: string): WholeCallAnswer["price"] {
  return text === "" ? null : wholeCallSchema.shape.price.parse(JSON.parse(text));
}

function sent(text: string): string | null {
  return text === "" ? null : text;
}

function readJson(text: string): Record<string, unknown> | null {
  return text === "" ? null : jsonObject.parse(JSON.parse(text));
}

function toRouting(row: CallRow): CallAnswer["routing"] {
  const { routing_strategy, routing_tier, routing_baseline_model } = row;
  if (`${routing_strategy}${routing_tier}${routing_baseline_model}` === "") return null;
  return {
    strategy: sent(routing_strategy),
    tier: sent(routing_tier),
    baseline_model: sent(routing_baseline_model),
  };
}
