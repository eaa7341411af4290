import type { Dialect } from "@/ingest/otlp/dialects/dialect";
import { DIALECTS } from "@/ingest/otlp/dialects/dialects";
import type { LogEvent } from "@/ingest/otlp/dialects/log-dialect";
import { type FieldReader, readFields } from "@/ingest/otlp/field-reader";
import { type FoundEvent, findLogEvent } from "@/ingest/otlp/find-log-event";
import { hashLog } from "@/ingest/otlp/hash-log";
import { matchDialects } from "@/ingest/otlp/match-dialects";
import type { OtlpLog } from "@/ingest/otlp/otlp-records";
import { readCommonFacts } from "@/ingest/otlp/read-common-facts";
import { hashPrompt, readContent } from "@/ingest/otlp/read-content";
import { readErrorType } from "@/ingest/otlp/read-error-type";
import { readProcessName } from "@/ingest/otlp/read-process-name";
import { cutText } from "@/ingest/otlp/read-tags";
import type { CallContent } from "@/lib/traces/call-content";
import type { SpanFacts } from "@/lib/traces/span-facts";
import type { TagMapping } from "@/lib/traces/tag-mapping";

const matches = matchDialects(DIALECTS);

/** What an event is, said before any rule for spans may say it. */
const KINDS: Readonly<Record<LogEvent["is"], Dialect>> = {
  llm: { name: "llm", isGeneric: true, marks: {}, kinds: [{ name: /^/, is: "llm" }] },
  tool: { name: "tool", isGeneric: true, marks: {}, kinds: [{ name: /^/, is: "tool" }] },
};

const LONGEST_NAME = 512;
/** A call of more than a week is none: its duration is another unit, or nonsense. */
const LONGEST_MS = 7 * 86_400_000;

/**
 * Reads a log record that reports a call of a model, or a tool's execution, by the dialects it speaks. It was written
 * when the call ended.
 * @param mapping the project's own rules for tags
 * @returns null where it reports none
 */
export function readLog(
  log: OtlpLog,
  mapping: TagMapping,
): { facts: SpanFacts; content: CallContent | null } | null {
  const found = findLogEvent(log);
  if (!found) return null;
  const { resource, scopeAttributes, scopeName } = log.origin;
  const fields = readFields({
    attributes: log.attributes,
    resource,
    scopeAttributes,
    events: [],
    body: log.body,
  });
  if (!isReport(found.event, fields)) return null;
  const spoken = matches(log.origin, log.attributes);
  const own = spoken.filter(({ name }) => name === "outlay");
  const known = new Set([...own, ...found.dialects].map(({ name }) => name));
  const others = spoken.filter(({ name }) => !known.has(name));
  const dialects = [KINDS[found.event.is], ...own, ...found.dialects, ...others];
  const read = readCommonFacts(fields, dialects, found.name, mapping);
  const { kind: _kind, toolName, errors, ...common } = read;
  const isFailed = found.event.isFailure === true || errors.length > 0;
  const content = readContent(fields, dialects, []);
  return {
    content,
    facts: {
      ...common,
      ...readInstants(log, fields, found),
      signal: "log",
      traceId: log.traceId,
      spanId: hashLog(log),
      parentSpanId: log.spanId,
      source: `log:${cutText(scopeName, LONGEST_NAME)}:${found.name}`,
      service: readProcessName(fields),
      name: cutText(toolName ?? found.name, LONGEST_NAME),
      kind: found.event.is,
      status: isFailed ? "error" : "ok",
      errorType: isFailed ? readErrorType(errors) : null,
      usageSource: "reported",
      tags: { ...common.tags, agent: common.tags.agent ?? nameAgent(fields, found) },
      promptHash: hashPrompt(content),
    },
  };
}

function isReport({ needs, unless = {} }: LogEvent, fields: FieldReader): boolean {
  if (needs && fields.text(needs) === null) return false;
  return !Object.entries(unless).some(([place, word]) => word.test(fields.text([place]) ?? ""));
}

/** The sub-agent's own name, else the coding agent's. */
function nameAgent(fields: FieldReader, { dialects }: FoundEvent): string | null {
  for (const { subAgent } of dialects) {
    const name = subAgent?.is.exec(fields.text([subAgent.at]) ?? "")?.[1];
    if (name) return cutText(name, LONGEST_NAME);
  }
  return dialects.find(({ codingAgent }) => codingAgent)?.codingAgent ?? null;
}

function readInstants(
  log: OtlpLog,
  fields: FieldReader,
  { dialects }: FoundEvent,
): Pick<SpanFacts, "startUs" | "endUs"> {
  const writtenUs = Number((log.timeNs || log.observedNs) / 1000n);
  const ms = fields.number(dialects.flatMap(({ durationMs }) => durationMs ?? []));
  if (ms === null || ms > LONGEST_MS) return { startUs: writtenUs, endUs: null };
  return { startUs: writtenUs - Math.round(ms * 1000), endUs: writtenUs };
}
