import { type AcceptDeps, acceptEvents } from "@/ingest/events/accept-events";
import type { AcceptSpans } from "@/ingest/otlp/accept-otlp";
import { readLog } from "@/ingest/otlp/read-log";
import { readSpan } from "@/ingest/otlp/read-span";
import type { CallContent } from "@/lib/traces/call-content";
import type { SpanFacts } from "@/lib/traces/span-facts";

interface Read {
  index: number;
  signal: "span" | "log";
  facts: SpanFacts;
  content: CallContent | null;
}

/** After so many the event loop gets a turn, as in accepting events. */
const RECORDS_PER_TURN = 100;
const MAX_TEXT = 256;

/** Makes what keeps the calls among spans and log records, each as the event that it tells of, as far as it says itself. */
export function createCallsTaker(deps: Omit<AcceptDeps, "rejections">): AcceptSpans {
  return async ({ spans, logs }, context) => {
    const read: Read[] = [];
    let seen = 0;
    for (const [index, span] of spans.entries()) {
      if (++seen % RECORDS_PER_TURN === 0) await new Promise(setImmediate);
      read.push({ index, signal: "span", ...readSpan(span, context.tagMapping) });
    }
    for (const [index, log] of logs.entries()) {
      if (++seen % RECORDS_PER_TURN === 0) await new Promise(setImmediate);
      const found = readLog(log, context.tagMapping);
      if (found) read.push({ index, signal: "log", ...found });
    }
    const calls = read.filter(({ facts }) => facts.usage !== null || facts.kind === "tool");
    const events = calls.map(({ facts, content }) => ({ value: toEvent(facts, content) }));
    const result = await acceptEvents(events, context, { ...deps, rejections: null });
    const refused = [...result.rejected, ...result.conflicts];
    return {
      rejected: refused.flatMap(({ index, errors }) => {
        const call = calls[index];
        return call ? [{ index: call.index, signal: call.signal, errors }] : [];
      }),
    };
  };
}

function toEvent(facts: SpanFacts, content: CallContent | null): object {
  const { tags, usage, traceId, spanId } = facts;
  const cut = (text: string | null) => text?.slice(0, MAX_TEXT) || null;
  const isTool = facts.kind === "tool";
  return {
    id: facts.signal === "log" ? `otlp:${spanId}` : `otlp:${traceId}:${spanId}`,
    timestamp: new Date(facts.startUs / 1000).toISOString(),
    type: isTool ? "tool" : "llm",
    name: cut(facts.name),
    provider: cut(facts.provider),
    model: cut(facts.model) ?? cut(facts.requestedModel) ?? (isTool ? null : "unknown"),
    requested_model: cut(facts.requestedModel),
    agent: cut(tags.agent),
    task: cut(tags.task),
    task_type: cut(tags.taskType),
    feature: cut(tags.feature),
    user: cut(tags.user),
    session: cut(tags.session),
    trace_id: traceId || null,
    span_id: spanId,
    parent_span_id: facts.parentSpanId || null,
    usage,
    usage_source: facts.usageSource,
    status: facts.status,
    error_type: facts.errorType,
    duration_ms: facts.endUs === null ? null : (facts.endUs - facts.startUs) / 1000,
    time_to_first_token_ms: facts.timeToFirstTokenMs,
    metadata: facts.metadata,
    ...(content ? { content } : {}),
  };
}
