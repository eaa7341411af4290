import type { Dialect, Place } from "@/ingest/otlp/dialects/dialect";
import type { FieldReader } from "@/ingest/otlp/field-reader";
import type { OtlpValue } from "@/ingest/otlp/otlp-records";
import { cutText } from "@/ingest/otlp/read-tags";

const MOST = 32;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 1024;

/** Frameworks' own bookkeeping among what people wrote: it would crowd theirs out. */
const BOOKKEEPING =
  /^(ls_|lc_|langgraph_|langsmith_|__|checkpoint_|versions$|usage_metadata$|revision_id$)/i;

/** Parts of a request or an answer that frameworks lay among the tags (Mastra does): JSON there may be content. */
const WIRE = /^(request|response|raw)?_?(body|headers|request|response|input|output|messages)$/i;

/** Free tags that help to find and to group: at most 32, those of the most telling dialect first. */
export function readMetadata(
  fields: FieldReader,
  dialects: readonly Dialect[],
): Record<string, string> {
  const found = new Map<string, string>();
  for (const place of dialects.flatMap((dialect) => dialect.metadata ?? [])) {
    for (const [key, value] of list(fields, place)) {
      const text = toText(value);
      const isFree = text !== null && !found.has(key) && !isTheirs(key, text);
      if (isFree && found.size < MOST) {
        found.set(cutText(key, LONGEST_KEY), cutText(text, LONGEST_VALUE));
      }
    }
  }
  return Object.fromEntries(found);
}

function isTheirs(key: string, text: string): boolean {
  const name = key.slice(key.lastIndexOf(".") + 1);
  return BOOKKEEPING.test(key) || (WIRE.test(name) && /^\s*[{[]/.test(text));
}

/** An object gives an entry for each member; anything else is one entry by the last word of its place. */
function list(fields: FieldReader, place: Place): [string, OtlpValue][] {
  const value = fields.json(place);
  if (value === undefined) return [];
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value);
  }
  return [[place.replace(/^(resource|scope|event):|^.* > /, ""), value]];
}

function toText(value: OtlpValue): string | null {
  if (value === null || value === "") return null;
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return value.join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
