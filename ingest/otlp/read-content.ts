import { createHash } from "node:crypto";
import type { ContentField, Dialect } from "@/ingest/otlp/dialects/dialect";
import type { FieldReader } from "@/ingest/otlp/field-reader";
import type { OtlpSpan, OtlpValue } from "@/ingest/otlp/otlp-records";
import type { CallContent } from "@/lib/traces/call-content";

const FIELDS: readonly ContentField[] = ["system", "messages", "tools", "completion"];

/** What was said, wherever a dialect puts it; null where nothing was sent. */
export function readContent(
  fields: FieldReader,
  dialects: readonly Dialect[],
  events: OtlpSpan["events"],
): CallContent | null {
  const content: CallContent = {};
  for (const field of FIELDS) {
    const value = find(fields, dialects, field);
    if (value !== undefined) content[field] = value;
  }
  content.messages ??= listMessages(events, /^gen_ai\.(system|user|assistant|tool)\.message$/);
  content.completion ??= listMessages(events, /^gen_ai\.choice$/);
  for (const field of FIELDS) if (content[field] === undefined) delete content[field];
  return Object.keys(content).length ? content : null;
}

/** Tells a retry from a new question: 32 hex digits of what was asked. null where that was not sent. */
export function hashPrompt(content: CallContent | null): string | null {
  if (content?.messages === undefined) return null;
  const asked = JSON.stringify([content.system ?? null, content.messages]);
  return createHash("sha256").update(asked).digest("hex").slice(0, 32);
}

function find(
  fields: FieldReader,
  dialects: readonly Dialect[],
  field: ContentField,
): OtlpValue | undefined {
  for (const place of dialects.flatMap((dialect) => dialect.content?.[field] ?? [])) {
    const value = fields.json(place);
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}

/** The older conventions tell each message as an event of the span: `gen_ai.user.message` with its content. */
function listMessages(events: OtlpSpan["events"], name: RegExp): OtlpValue | undefined {
  const told = events.filter((event) => name.test(event.name) && event.attributes.size > 0);
  if (told.length === 0) return undefined;
  return told.map((event) => ({
    role: event.name.split(".")[1] === "choice" ? "assistant" : (event.name.split(".")[1] ?? ""),
    ...Object.fromEntries(event.attributes),
  }));
}
