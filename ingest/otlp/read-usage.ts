import type { Dialect } from "@/ingest/otlp/dialects/dialect";
import type { FieldReader } from "@/ingest/otlp/field-reader";
import { type PrintedCounts, readCounts } from "@/ingest/otlp/read-counts";
import { toUsage } from "@/ingest/otlp/to-usage";
import type { SpanFacts } from "@/lib/traces/span-facts";
import { normaliseRawUsage } from "@/lib/usage/normalise-raw-usage";
import type { ProviderUsage } from "@/lib/usage/provider-usage";
import type { Usage } from "@/lib/usage/usage";

export interface UsageReading {
  usage: Usage | null;
  printedTokens: SpanFacts["printedTokens"];
  serviceTier: string | null;
  inferenceGeo: string | null;
  /** Counts that were no counts, by their place. */
  faults: string[];
}

/**
 * What a record says it used. A provider's own usage object, where one was sent whole and tells of the same call, is
 * taken before a client's numbers: it is unambiguous, and it has what clients leave out.
 * @param provider our name, or null
 */
export function readUsage(
  fields: FieldReader,
  dialects: readonly Dialect[],
  provider: string | null,
  isEmbedding: boolean,
): UsageReading {
  const { counts, dialect, faults } = readCounts(fields, dialects);
  const read = toUsage(counts, { dialect, provider, isEmbedding });
  const raw = findRawUsage(fields, dialects, counts);
  const printedTokens =
    counts.input === undefined && counts.output === undefined
      ? toPrinted(raw?.usage)
      : { input: counts.input ?? null, output: counts.output ?? null };
  const usage = raw ? { ...read, ...raw.usage } : read;
  return {
    usage: faults.length > 0 && !isWhole(usage, isEmbedding) ? null : usage,
    printedTokens,
    serviceTier: raw?.serviceTier ?? null,
    inferenceGeo: raw?.inferenceGeo ?? null,
    faults,
  };
}

/** Where one side was no count, the other alone would be priced as if the call had cost no more: it is not known. */
function isWhole(usage: Usage | null, isEmbedding: boolean): boolean {
  if (usage?.input_tokens === undefined) return false;
  return isEmbedding || usage.output_tokens !== undefined;
}

function toPrinted(usage: Usage | undefined): SpanFacts["printedTokens"] {
  if (!usage) return null;
  return { input: usage.input_tokens ?? null, output: usage.output_tokens ?? null };
}

function findRawUsage(
  fields: FieldReader,
  dialects: readonly Dialect[],
  printed: PrintedCounts,
): ProviderUsage | null {
  for (const { at, api, has } of dialects.flatMap((dialect) => dialect.rawUsage ?? [])) {
    const body = fields.object(at);
    if (!body || (has !== undefined && !Object.hasOwn(body, has))) continue;
    const raw = normaliseRawUsage({ api, body: { ...body } });
    if (!raw.ok || raw.usage.input_tokens === undefined) continue;
    if (isOfSameCall(raw.usage, printed)) return raw;
  }
  return null;
}

/** An outer span may print the sum of its steps beside the last step's object: then that is not its usage. */
function isOfSameCall(raw: Usage, printed: PrintedCounts): boolean {
  const output = raw.output_tokens ?? 0;
  const outputs = [output, output - (raw.reasoning_tokens ?? 0)];
  if (printed.output !== undefined && !outputs.includes(printed.output)) return false;
  const input = raw.input_tokens ?? 0;
  const written = sumOf(raw.cache_write_5m_tokens, raw.cache_write_1h_tokens);
  const read = raw.cache_read_tokens ?? 0;
  const inputs = [input, input - read - written, input - read, input - written];
  return printed.input === undefined || inputs.includes(printed.input);
}

function sumOf(...counts: (number | undefined)[]): number {
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
