import type { Dialect } from "@/ingest/otlp/dialects/dialect";
import type { FieldReader } from "@/ingest/otlp/field-reader";
import type { SpanTags } from "@/lib/traces/span-facts";
import type { TagMapping } from "@/lib/traces/tag-mapping";

const TAGS = ["agent", "task", "taskType", "feature", "user", "session"] as const;
/** The contract's limit of a tag, in characters. */
const LONGEST_TAG = 256;
/** What programs write where they know nobody, and what scrubbers put in the place of a name: all would be one person's. */
const NOBODY =
  /^(unknown|undefined|null|none|n\/a|-|\*+|[[<]?(redacted|filtered|masked|scrubbed)\b.*[\]>]|redacted)$/i;

/** The tags that a record names itself. Our own attributes come before a project's mapping, and that before the rest. */
export function readTags(
  fields: FieldReader,
  dialects: readonly Dialect[],
  mapping: TagMapping,
): SpanTags {
  const [own, others] = [
    dialects.filter((dialect) => dialect.name === "outlay"),
    dialects.filter((dialect) => dialect.name !== "outlay"),
  ];
  const read = (tag: keyof SpanTags): string | null =>
    readFirst(fields, own, tag) ??
    readMapped(fields, mapping, tag, true) ??
    readFirst(fields, others, tag) ??
    readMapped(fields, mapping, tag, false);
  const tags = TAGS.map((tag): [keyof SpanTags, string | null] => [tag, read(tag)]);
  return Object.fromEntries(tags) as Record<keyof SpanTags, string | null>;
}

/** A text as a tag or a name: no control bytes that stores refuse, not longer than the contract allows. */
export function cutText(text: string, longest: number): string {
  return text
    .slice(0, longest)
    .replace(/\p{Surrogate}/gu, "\uFFFD")
    .replaceAll("\0", "");
}

function readFirst(fields: FieldReader, dialects: readonly Dialect[], tag: keyof SpanTags) {
  for (const dialect of dialects) {
    const text = clean(fields.text(dialect.facts?.[tag]));
    if (text !== null) return text;
  }
  return null;
}

/** What a project's rules find for a tag: those that win over the conventions, or those that fill. */
export function readMapped(
  fields: FieldReader,
  mapping: TagMapping,
  tag: keyof SpanTags,
  override: boolean,
): string | null {
  for (const rule of mapping) {
    if (rule.tag !== tag || rule.override !== override) continue;
    const place = rule.from === "resource" ? `resource:${rule.attribute}` : rule.attribute;
    const text = clean(fields.text([place]));
    if (text !== null) return text;
  }
  return null;
}

function clean(text: string | null): string | null {
  if (text === null || NOBODY.test(text)) return null;
  return cutText(text, LONGEST_TAG) || null;
}
