import type { Dialect } from "@/ingest/otlp/dialects/dialect";
import { DIALECTS } from "@/ingest/otlp/dialects/dialects";
import { type FieldReader, readFields } from "@/ingest/otlp/field-reader";
import { matchDialects } from "@/ingest/otlp/match-dialects";
import type { OtlpSpan } from "@/ingest/otlp/otlp-records";
import { type CommonFacts, readCommonFacts } from "@/ingest/otlp/read-common-facts";
import { hashPrompt, readContent } from "@/ingest/otlp/read-content";
import { readErrorType } from "@/ingest/otlp/read-error-type";
import { readProcessName } from "@/ingest/otlp/read-process-name";
import { cutText } from "@/ingest/otlp/read-tags";
import type { CallContent } from "@/lib/traces/call-content";
import type { SpanFacts, SpanKind } from "@/lib/traces/span-facts";
import type { TagMapping } from "@/lib/traces/tag-mapping";

const matches = matchDialects(DIALECTS);

const STATUS_ERROR = 2;
const SPAN_KIND_CLIENT = 3;
const LONGEST_NAME = 512;
const LONGEST_AGENT = 256;
const PLUMBING = [
  "http.request.method",
  "http.method",
  "db.system",
  "db.system.name",
  "rpc.system",
];
/** Events that libraries add when the first piece of an answer comes. */
const FIRST_TOKEN = /first.?(token|chunk)|^new_token$|completion\.chunk$/i;

/**
 * Reads what one span says about itself, by the dialects it speaks.
 * @param mapping the project's own rules for tags
 * @returns the facts, and apart from them what was said in the call (null: nothing was sent, or it is no call)
 */
export function readSpan(
  span: OtlpSpan,
  mapping: TagMapping,
): { facts: SpanFacts; content: CallContent | null } {
  const dialects = matches(span.origin, span.attributes);
  const fields = readFields({
    attributes: span.attributes,
    resource: span.origin.resource,
    scopeAttributes: span.origin.scopeAttributes,
    events: span.events,
    body: null,
  });
  const {
    kind: told,
    toolName,
    errors,
    ...common
  } = readCommonFacts(fields, dialects, span.name, mapping);
  const isFailed =
    errors.length > 0 || (span.statusCode === STATUS_ERROR && !isAnswered(span, fields, dialects));
  const kind = told ?? guessKind(span, common, isFailed);
  const isSum = dialects.some(({ sumsOnly }) => sumsOnly?.includes(kind));
  // An agent's sum before its first call ended tells of nothing, and would stand for the call that failed below.
  if (isSum || (kind !== "llm" && isNothing(common.usage))) common.usage = null;
  if (kind === "agent") common.tags.agent ??= readAgentName(dialects, span.name);
  const isRetold = dialects.some(({ retells }) => retells && fields.text([retells]) === "true");
  const isCall = kind === "llm" || kind === "tool" || common.usage !== null;
  const content = isCall ? readContent(fields, dialects, span.events) : null;
  return {
    content,
    facts: {
      ...common,
      signal: "span",
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      source: `${isRetold ? "log as span" : "span"}:${cutText(span.origin.scopeName, LONGEST_NAME)}`,
      service: readProcessName(fields),
      name: cutText((kind === "tool" ? toolName : null) ?? span.name, LONGEST_NAME),
      kind,
      ...readInstants(span, isRetold),
      status: isFailed ? "error" : "ok",
      errorType: isFailed ? readErrorType([...errors, ...listFailures(span)]) : null,
      usageSource: "reported",
      timeToFirstTokenMs: common.timeToFirstTokenMs ?? findFirstToken(span),
      promptHash: hashPrompt(content),
    },
  };
}

/** A record is written as its call ends: sent as a span, it begins there. */
function readInstants(
  { startNs, endNs }: OtlpSpan,
  isRetold: boolean,
): Pick<SpanFacts, "startUs" | "endUs"> {
  if (endNs < startNs || endNs <= 0n) return { startUs: toMicroseconds(startNs), endUs: null };
  const beforeNs = isRetold ? endNs - startNs : 0n;
  return { startUs: toMicroseconds(startNs - beforeNs), endUs: toMicroseconds(endNs - beforeNs) };
}

/** A span that no rule names: its usage, its model, or that some dialect knows it at all must say what it is. */
function guessKind(
  span: OtlpSpan,
  { usage, model, provider, dialect }: Omit<CommonFacts, "kind" | "toolName" | "errors">,
  isFailed: boolean,
): SpanKind {
  if (usage !== null) return "llm";
  const couldBeCall = model !== null && provider !== null;
  if (couldBeCall && (isFailed || span.spanKind === SPAN_KIND_CLIENT)) return "llm";
  // Some libraries put their attributes on each span of the process, an HTTP request's too.
  const isPlumbing = PLUMBING.some((key) => span.attributes.has(key));
  return dialect === "none" || isPlumbing ? "other" : "step";
}

function isAnswered(
  { events }: OtlpSpan,
  fields: FieldReader,
  dialects: readonly Dialect[],
): boolean {
  if (events.some(({ name }) => name === "exception")) return false;
  return dialects.some(({ answeredWhere = {} }) =>
    Object.entries(answeredWhere).some(([place, is]) => is.test(fields.text([place]) ?? "")),
  );
}

function readAgentName(dialects: readonly Dialect[], name: string): string | null {
  for (const { agentName } of dialects) {
    const found = agentName?.exec(name);
    if (found) return cutText(found[1] ?? found[0], LONGEST_AGENT);
  }
  return null;
}

function isNothing(usage: SpanFacts["usage"]): boolean {
  return usage !== null && Object.values(usage).every((count) => count === 0);
}

function listFailures(span: OtlpSpan): string[] {
  const exceptions = span.events.filter((event) => event.name === "exception");
  const told = exceptions.flatMap(({ attributes }) => [
    attributes.get("exception.type"),
    attributes.get("exception.message"),
  ]);
  const status = [
    span.attributes.get("http.response.status_code"),
    span.attributes.get("http.status_code"),
  ].filter((code) => Number(code) >= 400);
  return [...status, ...told, span.statusMessage]
    .filter((text) => typeof text === "string" || typeof text === "number")
    .map(String)
    .filter((text) => text !== "" && text !== "Error");
}

function findFirstToken(span: OtlpSpan): number | null {
  const event = span.events.find(({ name }) => FIRST_TOKEN.test(name));
  if (!event || event.timeNs <= span.startNs || event.timeNs > span.endNs) return null;
  return Number((event.timeNs - span.startNs) / 1000n) / 1000;
}

/** What is past what JavaScript counts exactly is past the year 2255: ingest refuses it, whatever it is rounded to. */
function toMicroseconds(ns: bigint): number {
  return Number(ns / 1000n);
}
