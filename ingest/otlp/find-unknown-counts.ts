import type { TokenField } from "@/ingest/otlp/dialects/dialect";
import type { FieldReader } from "@/ingest/otlp/field-reader";
import type { PrintedCounts } from "@/ingest/otlp/read-counts";

/** The last words of names that every provider and library uses for its counts, in snake case. */
const MEANINGS: readonly [TokenField, RegExp][] = [
  [
    "input",
    /^((total_)?(input|prompt)_tokens?(_count|_used)?|(input|prompt)_token_count|tokens_(in|input|prompt))$/,
  ],
  [
    "output",
    /^((total_)?(output|completion|candidates)_tokens?(_count|_used)?|(output|completion|candidates)_token_count|tokens_(out|output|completion))$/,
  ],
  ["total", /^total_tokens?(_count)?$/],
  [
    "cacheRead",
    /^(cached_(input_|prompt_|content_)?tokens?(_count)?|cache_read(_input)?_tokens?|cached_content_token_count|input_cached_tokens)$/,
  ],
  ["cacheWrite", /^(cache_(creation|write)(_input)?_tokens?)$/],
  [
    "reasoning",
    /^((reasoning|thinking|thoughts)(_output)?_tokens?(_count)?|thoughts_token_count)$/,
  ],
];

/** A name that holds one of these words is a guess, a limit or a running sum, and no usage of this span. */
const NO_USAGE =
  /estimat|aggregat|limit|max_|budget|remaining|available|context|window|cumulative|session|price|cost|threshold|quota|rate/;

/** JSON text under a name that ends in one of these may hold a provider's usage object. */
const USAGE_TEXT =
  /(^|\.)([a-z_]+_)?(usage|usage_metadata|usage_details)$|(^|\.)(tokens|metrics|token_counts?)$/;

/**
 * Counts under names that no dialect knows, for clients nobody has met yet. Only where input and output stand together
 * under one prefix: a lone number may count anything.
 */
export function findUnknownCounts(fields: FieldReader): PrintedCounts {
  const groups = new Map<string, PrintedCounts>();
  for (const key of fields.keys()) {
    if (!/token|usage|metrics/i.test(key)) continue;
    const name = toSnakeCase(key);
    if (NO_USAGE.test(name)) continue;
    const dot = name.lastIndexOf(".");
    if (USAGE_TEXT.test(name)) addMembers(fields, key, name, groups);
    else add(groups, name.slice(0, dot + 1), name.slice(dot + 1), fields.count([key], []));
  }
  const whole = [...groups.values()].filter(
    (counts) => counts.input !== undefined && counts.output !== undefined,
  );
  return whole[0] ?? {};
}

function addMembers(
  fields: FieldReader,
  key: string,
  name: string,
  groups: Map<string, PrintedCounts>,
): void {
  for (const member of Object.keys(fields.object(key) ?? {})) {
    const word = toSnakeCase(member);
    if (!NO_USAGE.test(word)) add(groups, name, word, fields.count([`${key} > ${member}`], []));
  }
}

function add(
  groups: Map<string, PrintedCounts>,
  group: string,
  word: string,
  count: number | null,
): void {
  const field = MEANINGS.find(([, pattern]) => pattern.test(word))?.[0];
  if (!field || count === null) return;
  const counts = groups.get(group) ?? {};
  counts[field] ??= count;
  groups.set(group, counts);
}

function toSnakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}
