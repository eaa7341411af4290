import type { OtlpAttributes, OtlpLog, OtlpSpan, OtlpValue } from "@/ingest/otlp/otlp-records";
import { readLog } from "@/ingest/otlp/read-log";
import { readSpan } from "@/ingest/otlp/read-span";
import { RecentMap } from "@/lib/recent-map";
import type { SpanFacts } from "@/lib/traces/span-facts";
import type { TagMapping } from "@/lib/traces/tag-mapping";
import type { PreviewedSpan, SeenAttribute, TagPreview } from "@/lib/traces/tag-preview";

type Sample = { signal: "span"; record: OtlpSpan } | { signal: "log"; record: OtlpLog };

const MAX_PROJECTS = 50;
const MAX_SAMPLES = 100;
/** Of a request so many are kept: the others are like them, and copying takes time. */
const MAX_OF_REQUEST = 10;
const MAX_ATTRIBUTES = 64;
const MAX_TEXT = 256;
const SAMPLE_TEXT = 60;
/** Prompts and answers have no place here, whatever a project keeps of them. */
const CONTENT =
  /(?:^|[._])(?:prompt|completion|messages?|content|input|output|instructions?|text|body|arguments?|args|results?|definitions?|response)(?:[._]|$)/i;
/** Counts have such words in their names too. */
const IS_COUNT = /tokens?(?:[._]|$)|[._]count$|response[._](?:id|model)$/i;

/** The last spans and log records of each project, without what was said in them: to try rules for tags on. */
export class SpanSamples {
  readonly #projects = new RecentMap<Sample[]>(MAX_PROJECTS);

  note(projectId: string, spans: readonly OtlpSpan[], logs: readonly OtlpLog[]): void {
    if (spans.length + logs.length === 0) return;
    const kept = this.#projects.getOrMake(projectId, () => []);
    for (const span of spans.slice(-MAX_OF_REQUEST)) {
      kept.push({ signal: "span", record: { ...span, events: [], ...withoutContent(span) } });
    }
    for (const log of logs.slice(-MAX_OF_REQUEST)) {
      kept.push({ signal: "log", record: { ...log, body: null, ...withoutContent(log) } });
    }
    kept.splice(0, Math.max(0, kept.length - MAX_SAMPLES));
  }

  /** What rules make of them. */
  preview(projectId: string, rules: { before: TagMapping; after: TagMapping }): TagPreview {
    const samples = this.#projects.getOrMake(projectId, () => []);
    const spans = samples.flatMap((sample): PreviewedSpan[] => {
      const [before, after] = [factsOf(sample, rules.before), factsOf(sample, rules.after)];
      if (!before || !after) return [];
      const { name, service, startUs } = before;
      return [
        { signal: sample.signal, name, service, startUs, before: before.tags, after: after.tags },
      ];
    });
    return { spans: spans.reverse(), attributes: listAttributes(samples) };
  }
}

function factsOf(sample: Sample, mapping: TagMapping): SpanFacts | null {
  if (sample.signal === "span") return readSpan(sample.record, mapping).facts;
  return readLog(sample.record, mapping)?.facts ?? null;
}

function withoutContent({ origin, attributes }: Pick<OtlpSpan, "origin" | "attributes">) {
  const resource = shortened(origin.resource);
  return { origin: { ...origin, resource }, attributes: shortened(attributes) };
}

function shortened(attributes: OtlpAttributes): OtlpAttributes {
  const kept = new Map<string, OtlpValue>();
  for (const [key, value] of attributes) {
    if (kept.size >= MAX_ATTRIBUTES) break;
    if (CONTENT.test(key) && !IS_COUNT.test(key)) continue;
    if (typeof value === "string") kept.set(key, value.slice(0, MAX_TEXT));
    else if (typeof value !== "object") kept.set(key, value);
  }
  return kept;
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
  for (const { record } of samples) {
    add("resource", record.origin.resource);
    add("span", record.attributes);
  }
  return [...seen.values()].sort(
    (a, b) => b.spans - a.spans || (a.attribute < b.attribute ? -1 : 1),
  );
}
