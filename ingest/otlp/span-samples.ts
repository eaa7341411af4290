import { readFields } from "@/ingest/otlp/field-reader";
import type { OtlpAttributes, OtlpLog, OtlpSpan, OtlpValue } from "@/ingest/otlp/otlp-records";
import { readLog } from "@/ingest/otlp/read-log";
import { readSpan } from "@/ingest/otlp/read-span";
import { readMapped } from "@/ingest/otlp/read-tags";
import type { SpanFacts, SpanTags } from "@/lib/traces/span-facts";
import type { TagMapping } from "@/lib/traces/tag-mapping";
import type { SeenAttribute, TagPreview } from "@/lib/traces/tag-preview";

/** A span or log record that came lately: what the conventions say of it, and the attributes that rules may name. */
interface Sample {
  signal: "span" | "log";
  name: string;
  service: string;
  startUs: number;
  tags: SpanTags;
  resource: OtlpAttributes;
  attributes: OtlpAttributes;
}

const MAX_PROJECTS = 50;
const MAX_SAMPLES = 100;
/** Of a request so many are kept, and of a project so often: the others are like them, and reading them again takes time. */
const MAX_OF_REQUEST = 5;
const PAUSE_MS = 100;
const MAX_ATTRIBUTES = 64;
/** A longer text names nothing. It is left out and not cut: a piece of a text keeps all of it in memory. */
const MAX_TEXT = 256;
const MAX_JSON = 4_096;
const SAMPLE_TEXT = 60;
/** Words of a name, each by itself: prompts and answers have no place here, whatever a project keeps of them. */
const CONTENT_WORDS = new Set(
  [
    "prompt prompts completion completions message messages content contents input inputs output outputs instruction",
    "instructions text texts body argument arguments args result results definition definitions request response query",
    "question answer statement system reasoning ctx chat snapshot parameter parameters history conversation variables",
    "document documents observation summary description payload",
  ].flatMap((line) => line.split(" ")),
);
/** Names of people, runs and models have such words, and are no content. */
const NAMES = /(?:^|[._])(?:id|ids|name|model|type|kind|version|tokens?|count|duration)$/i;
/** JSON text is looked into by rules; elsewhere it may be anything. */
const JSON_NAMES = /(?:^|[._])(?:metadata|context|tags|labels|attributes|properties)$/i;
const TAGS = ["agent", "task", "taskType", "feature", "user", "session"] as const;

/** The last spans and log records of each project, without what was said in them: to try rules for tags on. */
export class SpanSamples {
  readonly #projects = new Map<string, { samples: Sample[]; notedMs: number }>();

  note(
    projectId: string,
    spans: readonly OtlpSpan[],
    logs: readonly OtlpLog[],
    nowMs: number,
  ): void {
    const known = this.#projects.get(projectId) ?? {
      samples: [],
      notedMs: Number.NEGATIVE_INFINITY,
    };
    if (nowMs - known.notedMs < PAUSE_MS || spans.length + logs.length === 0) return;
    // Behind all others: the project that sent nothing for longest goes first.
    this.#projects.delete(projectId);
    this.#projects.set(projectId, known);
    if (this.#projects.size > MAX_PROJECTS) {
      for (const oldest of this.#projects.keys()) {
        this.#projects.delete(oldest);
        break;
      }
    }
    known.notedMs = nowMs;
    for (const span of spans.slice(-MAX_OF_REQUEST)) {
      known.samples.push(toSample("span", readSpan(span, []).facts, span));
    }
    for (const log of logs.slice(-MAX_OF_REQUEST)) {
      const facts = readLog(log, [])?.facts;
      if (facts) known.samples.push(toSample("log", facts, log));
    }
    known.samples.splice(0, Math.max(0, known.samples.length - MAX_SAMPLES));
  }

  /** A name was erased: it stands in these too. */
  forget(projectId: string): void {
    this.#projects.delete(projectId);
  }

  /** What rules make of them. */
  preview(projectId: string, rules: { before: TagMapping; after: TagMapping }): TagPreview {
    const samples = this.#projects.get(projectId)?.samples ?? [];
    const spans = samples.map((sample) => {
      const { signal, name, service, startUs } = sample;
      const [before, after] = [applyRules(sample, rules.before), applyRules(sample, rules.after)];
      return { signal, name, service, startUs, before, after };
    });
    return { spans: spans.reverse(), attributes: listAttributes(samples) };
  }
}

function toSample(
  signal: Sample["signal"],
  { name, service, startUs, tags }: SpanFacts,
  { origin, attributes }: OtlpSpan | OtlpLog,
): Sample {
  const kept = {
    resource: withoutContent(origin.resource),
    attributes: withoutContent(attributes),
  };
  return { signal, name, service, startUs, tags, ...kept };
}

/** As `readTags` does: our own attributes, rules that win, the conventions, rules that fill. */
function applyRules({ tags, resource, attributes }: Sample, rules: TagMapping): SpanTags {
  if (rules.length === 0) return tags;
  const none = { scopeAttributes: new Map(), events: [], body: null };
  const fields = readFields({ attributes, resource, ...none });
  const read = (tag: keyof SpanTags) => {
    const isOurs = attributes.has(`outlay.${tag === "taskType" ? "task_type" : tag}`);
    const winning = isOurs ? null : readMapped(fields, rules, tag, true);
    return winning ?? tags[tag] ?? readMapped(fields, rules, tag, false);
  };
  const found = TAGS.map((tag): [keyof SpanTags, string | null] => [tag, read(tag)]);
  return Object.fromEntries(found) as Record<keyof SpanTags, string | null>;
}

function withoutContent(attributes: OtlpAttributes): OtlpAttributes {
  const kept = new Map<string, OtlpValue>();
  for (const [key, value] of attributes) {
    if (kept.size >= MAX_ATTRIBUTES) break;
    if (typeof value === "object" || !isNaming(key)) continue;
    if (typeof value !== "string") kept.set(key, value);
    else if (/^\s*[[{]/.test(value)) {
      if (JSON_NAMES.test(key) && value.length <= MAX_JSON) kept.set(key, value);
    } else if (value.length <= MAX_TEXT) kept.set(key, value);
  }
  return kept;
}

function isNaming(key: string): boolean {
  if (NAMES.test(key) || JSON_NAMES.test(key)) return true;
  const words = key
    .replace(/([a-z\d])([A-Z])/g, "$1.$2")
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return !words.some((word) => CONTENT_WORDS.has(word));
}

function listAttributes(samples: readonly Sample[]): SeenAttribute[] {
  const seen = new Map<string, SeenAttribute>();
  const add = (from: SeenAttribute["from"], attributes: OtlpAttributes) => {
    for (const [attribute, value] of attributes) {
      const key = `${from} ${attribute}`;
      const known = seen.get(key);
      if (known) known.spans++;
      else
        seen.set(key, { from, attribute, sample: String(value).slice(0, SAMPLE_TEXT), spans: 1 });
    }
  };
  for (const { resource, attributes } of samples) {
    add("resource", resource);
    add("span", attributes);
  }
  return [...seen.values()].sort(
    (a, b) => b.spans - a.spans || (a.attribute < b.attribute ? -1 : 1),
  );
}
