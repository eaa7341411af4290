import { randomUUID } from "node:crypto";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { encodeContent } from "@/ingest/contents/encode-content";
import { dateTimeText } from "@/ingest/events/date-time-text";
import { priceText, usageText } from "@/ingest/events/embedded-json";
import { encodeRow } from "@/ingest/events/encode-row";
import { factsText, unkeptFacts } from "@/ingest/events/facts-text";
import { quote, textMember } from "@/ingest/events/json-text";
import type { IngestProject } from "@/ingest/project-lookup";
import { NOT_COUNTED } from "@/ingest/spool/scan-row";
import type { SpoolEvent } from "@/ingest/spool/spool-event";
import type { CheckedEvent } from "@/lib/events/check-event";
import { formatUsd } from "@/lib/money";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import { normaliseServiceTier } from "@/lib/prices/service-tier";
import { COUNT_COLUMNS } from "@/lib/usage/usage";

/** Whose events these are: the same for every event of a request. */
export interface IngestContext extends IngestProject {
  apiKeyId: string;
  nowMs: number;
  /** `rowPrefixOf` the sender. */
  rowPrefix: Buffer;
}

/** What is known of a call that a span tells of, beside the event it is. */
export interface SpanPlace {
  /** 16 bytes: hash of what the span says itself, whatever it inherits. */
  contentHash: Buffer;
  isCounted: boolean;
  /** Id of the call that counts instead; "" for none. */
  linkedId: string;
  /** "" for none. */
  responseId: string;
}

/**
 * Derives the row of `llm_calls` of one event, once: normalised usage, price, cost and flags. Its arrival
 * (`version`, `ingested_at`) is not in it: the spool sets that at the commit, in the order of the spool.
 * @param span where a span tells of it
 */
export function deriveRow(
  event: CheckedEvent,
  context: IngestContext,
  prices: Pick<PriceBookHolder, "priceCall">,
  span: SpanPlace | null = null,
): SpoolEvent {
  const timestampUs = event.timestampUs ?? context.nowMs * 1000;
  const bucket = toBucket(timestampUs);
  const id = event.fields.id ?? null;
  const callId = id ?? randomUUID();
  const isRaw = event.rawUsageText !== null;
  const usage = usageMembers(event);
  // Raw usage counts as it was sent, never as we normalise it: a later version of the normaliser must not turn
  // a retry into a conflict. So what came of it stands among the derived members.
  const { row, contentHash } = encodeRow({
    prefix: context.rowPrefix,
    facts: `,"ts":"${dateTimeText(timestampUs)}"${factsText(event)}${isRaw ? "" : usage}`,
    unkeptFacts: unkeptFacts(event),
    derived:
      (isRaw ? usage : "") +
      `,"bucket":${bucket}${span?.isCounted === false ? NOT_COUNTED : ""}` +
      `,"id":${quote(callId)}` +
      (span ? textMember("linked_id", span.linkedId) : "") +
      (span ? textMember("response_id", span.responseId) : "") +
      missingTagsMember(event, context.requiredTags) +
      costMembers(event, context, prices, timestampUs) +
      "}\n",
  });
  const { content: said, user, session } = event.fields;
  const call = { id: callId, timestampUs, user, session };
  const content = said ? encodeContent(said, call, context) : null;
  // Without an id of its own an event cannot be sent twice: there is nothing to compare it with.
  const hash = span?.contentHash ?? contentHash;
  const identity =
    id === null ? null : { projectId: context.projectId, bucket, id, contentHash: hash };
  return content ? { row, identity, content } : { row, identity };
}

/** What all rows of a request begin with, as bytes. */
export function rowPrefixOf(sender: { projectId: string; apiKeyId: string }): Buffer {
  const project = quote(sender.projectId);
  return Buffer.from(`,"project_id":${project}${textMember("api_key_id", sender.apiKeyId)}`);
}

function usageMembers(event: CheckedEvent): string {
  const { usage } = event;
  let text = event.rawUsageText === null ? "" : `,"raw_usage":${quote(event.rawUsageText)}`;
  if (event.serviceTier) {
    text += textMember("service_tier", normaliseServiceTier(event.serviceTier));
  }
  text += textMember("inference_geo", event.inferenceGeo);
  if (!usage) return text;
  text += ',"has_usage":true';
  for (const column of COUNT_COLUMNS) {
    const count = usage[column];
    if (count) text += `,"${column}":${count}`;
  }
  if (usage.gpu_seconds) text += `,"gpu_seconds":"${usage.gpu_seconds}"`;
  return `${text},"usage":${usageText(usage)}`;
}

function missingTagsMember(event: CheckedEvent, requiredTags: readonly string[]): string {
  if (requiredTags.length === 0) return "";
  const fields: Record<string, unknown> = event.fields;
  const missing = requiredTags.filter((tag) => !fields[tag]);
  return missing.length ? `,"missing_tags":[${missing.map(quote).join(",")}]` : "";
}

function costMembers(
  event: CheckedEvent,
  context: IngestContext,
  prices: Pick<PriceBookHolder, "priceCall">,
  timestampUs: number,
): string {
  const { fields } = event;
  const errorType = fields.error_type ?? null;
  const priced = prices.priceCall({
    projectId: context.projectId,
    type: fields.type ?? "llm",
    provider: fields.provider || null,
    model: fields.model || null,
    timestampMs: Math.floor(timestampUs / 1000),
    serviceTier: event.serviceTier,
    inferenceGeo: event.inferenceGeo,
    usage: event.usage,
    usageSource: fields.usage_source ?? "reported",
    status: fields.status ?? (errorType ? "error" : "ok"),
    errorType,
    reportedCostFemtoUsd: event.reportedCostFemtoUsd,
    trustsReportedCost: context.trustsReportedCost,
  });
  let text = `,"cost_status":"${priced.costStatus}"`;
  text += textMember("cost_reason", priced.costReason);
  // Left out is NULL in the store: an unknown cost is null and never 0.
  if (priced.costFemtoUsd !== null) text += `,"cost_usd":"${formatUsd(priced.costFemtoUsd)}"`;
  if (priced.listCostFemtoUsd !== null) {
    text += `,"list_cost_usd":"${formatUsd(priced.listCostFemtoUsd)}"`;
  }
  return priced.price ? `${text},"price":${priceText(priced.price)}` : text;
}
