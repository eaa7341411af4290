import type { Dialect, Providers } from "@/ingest/otlp/dialects/dialect";
import type { PrintedCounts } from "@/ingest/otlp/read-counts";
import { sumReported, usageOf } from "@/lib/usage/provider-usage";
import type { Usage } from "@/lib/usage/usage";

/** What decides how printed counts are to be understood, beside the counts. */
export interface CountsContext {
  dialect: Dialect | null;
  /** Our name. */
  provider: string | null;
  /** An embedding has no output, and its total is its input. */
  isEmbedding: boolean;
}

/**
 * Normalises what a client printed: all input with what was cached, all output with what was reasoned. The dialect says
 * what its numbers hold; numbers that can only be true the other way overrule it.
 * @returns null where nothing was reported
 */
export function toUsage(printed: PrintedCounts, context: CountsContext): Usage | null {
  const counts = completeWholes(withoutTools(printed), context.isEmbedding);
  const { written5m, written1h, written } = readWritten(counts);
  const cached = (counts.cacheRead ?? 0) + (written ?? 0);
  const addsCache = cached > 0 && leavesOutCache(counts, cached, context);
  const addsReasoning = (counts.reasoning ?? 0) > 0 && leavesOutReasoning(counts, context);
  const input = addsCache ? sumReported(counts.input, counts.cacheRead, written) : counts.input;
  const usage = usageOf({
    input_tokens: input === undefined ? undefined : sumReported(input, counts.besideInput),
    cache_read_tokens: counts.cacheRead,
    cache_write_5m_tokens: written5m,
    cache_write_1h_tokens: written1h,
    input_audio_tokens: counts.inputAudio,
    output_tokens: addsReasoning ? sumReported(counts.output, counts.reasoning) : counts.output,
    reasoning_tokens: counts.reasoning,
    output_audio_tokens: counts.outputAudio,
    web_searches: counts.webSearches,
  });
  const units = readUnits(counts);
  if (units) usage.units = units;
  const isReported = counts.input !== undefined || counts.output !== undefined || units !== null;
  return isReported || counts.webSearches ? usage : null;
}

/** The total holds what stands beside the input: without it, it can be compared with input and output. */
function withoutTools(printed: PrintedCounts): PrintedCounts {
  const { total, besideInput = 0 } = printed;
  return total === undefined ? printed : { ...printed, total: Math.max(0, total - besideInput) };
}

/** The one of input and output that is missing is what the total leaves; a total alone says nothing of its parts. */
function completeWholes(printed: PrintedCounts, isEmbedding: boolean): PrintedCounts {
  const { input, output, total } = printed;
  if (isEmbedding) {
    const known = input ?? total;
    return { ...printed, ...(known === undefined ? {} : { input: known, output: output ?? 0 }) };
  }
  if (total === undefined || (input === undefined) === (output === undefined)) return printed;
  const rest = total - (input ?? output ?? 0);
  if (rest < 0) return printed;
  return input === undefined ? { ...printed, input: rest } : { ...printed, output: rest };
}

function readWritten(counts: PrintedCounts) {
  const known = sumReported(counts.cacheWrite5m, counts.cacheWrite1h);
  // Tokens whose lifetime is not named were written to the default cache, which lives 5 minutes.
  const unnamed = Math.max(0, (counts.cacheWrite ?? 0) - (known ?? 0)) || undefined;
  const written5m = sumReported(counts.cacheWrite5m, unnamed);
  const written = sumReported(written5m, counts.cacheWrite1h);
  return { written5m, written1h: counts.cacheWrite1h, written };
}

function leavesOutCache(counts: PrintedCounts, cached: number, context: CountsContext): boolean {
  const { input, output, total, uncached } = counts;
  if (input === undefined) return false;
  if (cached > input) return true;
  if (uncached !== undefined && uncached === input) return true;
  if (uncached !== undefined && uncached + cached === input) return false;
  if (total !== undefined && output !== undefined) {
    const outputs = [output, output + (counts.reasoning ?? 0)];
    if (outputs.some((one) => input + cached + one === total)) return true;
  }
  // Where parts are to stand beside each other a total of input and output alone says that this input is all: but of
  // Anthropic's numbers, which people add up as they are printed.
  const isAll = total !== undefined && output !== undefined && input + output === total;
  if (isAll && context.dialect?.inputWithoutCache === "all" && !PRINTS_REST.has(context.provider))
    return false;
  return isAmong(context.dialect?.inputWithoutCache, context.provider);
}

/** Their APIs print input without what was cached. */
const PRINTS_REST: ReadonlySet<string | null> = new Set(["anthropic", "aws", null]);

function leavesOutReasoning(counts: PrintedCounts, context: CountsContext): boolean {
  const { input, output, total, reasoning = 0 } = counts;
  if (output === undefined) return false;
  if (reasoning > output) return true;
  if (total !== undefined && input !== undefined) {
    if (input + output === total) return false;
    if (input + output + reasoning === total) return true;
  }
  return isAmong(context.dialect?.outputWithoutReasoning, context.provider);
}

function isAmong(providers: Providers | undefined, provider: string | null): boolean {
  if (providers === undefined || providers === "all") return providers === "all";
  return provider !== null && providers.includes(provider);
}

function readUnits(counts: PrintedCounts): Record<string, number> | null {
  const { images, seconds, characters } = counts;
  const reported = Object.entries({ images, seconds, characters }).filter(
    (entry): entry is [string, number] => (entry[1] ?? 0) > 0,
  );
  return reported.length ? Object.fromEntries(reported) : null;
}
