import { createHash } from "node:crypto";
import { deriveRow, type IngestContext } from "@/ingest/events/derive-row";
import { checkWithoutFaults } from "@/ingest/otlp/check-without-faults";
import { toEvent } from "@/ingest/otlp/to-event";
import { canonicalJson } from "@/lib/events/canonical-json";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import { callIdOf, restIdOf } from "@/lib/traces/call-id-of";
import type { SpanResolution } from "@/lib/traces/resolve-trace";
import type { SpanFacts } from "@/lib/traces/span-facts";
import type { Usage } from "@/lib/usage/usage";

/** What of an outer span's usage nothing below it accounts for. */
export interface Rest {
  id: string;
  usage: Usage;
}

/** The row of a rest, as the spool would hold it but for its arrival; null where it can be no call. */
export type MakeRest = (
  facts: SpanFacts,
  resolution: SpanResolution,
  rest: Rest,
) => Record<string, unknown> | null;

/** The rest that a span has, by its name; null: none. */
export function restOf(facts: SpanFacts, { rest }: SpanResolution): Rest | null {
  if (rest === null) return null;
  const hash = createHash("sha256").update(canonicalJson(rest)).digest("hex").slice(0, 16);
  return { id: restIdOf(callIdOf(facts), hash), usage: rest };
}

/** Which call counts instead of one that does not: its rest, or what tells of the same; "" for none. */
export function linkedIdOf(
  facts: SpanFacts,
  resolution: SpanResolution,
  idOf: (facts: SpanFacts) => string,
): string {
  const { isCounted, linkedTo } = resolution;
  if (isCounted) return "";
  return restOf(facts, resolution)?.id ?? (linkedTo === null ? "" : idOf(linkedTo));
}

/** Makes rests rows: calls of their own below the span, priced by today's book at its time. */
export function createRestMaker(
  context: IngestContext,
  prices: Pick<PriceBookHolder, "priceCall">,
): MakeRest {
  return (facts, resolution, { id, usage }) => {
    const event = {
      ...toEvent({ ...facts, name: `${facts.name} (told by its sum alone)` }, resolution, null),
      id,
      usage,
      parent_span_id: facts.spanId,
      // The span's own; its time, its failure and its cost are told there.
      span_id: null,
      type: "llm",
      model: facts.model ?? facts.requestedModel ?? "unknown",
      reported_cost_usd: null,
      status: "ok",
      error_type: null,
      attempt: null,
      duration_ms: null,
      time_to_first_token_ms: null,
      reservation_id: null,
    };
    const { checked } = checkWithoutFaults(event, Math.max(context.nowMs, facts.startUs / 1000));
    if (!checked.ok) return null;
    const { row } = deriveRow(checked.event, context, prices);
    // It begins behind its arrival members, with a comma.
    return JSON.parse(`{${row.toString("utf8").slice(1)}`) as Record<string, unknown>;
  };
}
