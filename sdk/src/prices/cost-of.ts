import type { FemtoUsd } from "../money.ts";
import type { ReadCall } from "../types.ts";
import type { TokenPrices } from "./prices.ts";

type Counts = Pick<
  ReadCall,
  | "inputTokens"
  | "outputTokens"
  | "cacheReadTokens"
  | "cacheWriteTokens"
  | "inputAudioTokens"
  | "outputAudioTokens"
  | "webSearches"
>;

/**
 * What a call cost at most: where the response does not say which part of a side is dearer, all of it is.
 * @returns null where its tokens, or the price of its searches, are not known
 */
export function costOf(counts: Counts, prices: TokenPrices): FemtoUsd | null {
  const { inputTokens, outputTokens } = counts;
  if (inputTokens === null || outputTokens === null) return null;
  // What has no price is not free: then what the call cost is not known.
  if (counts.webSearches && prices.webSearch === null) return null;
  const read = Math.min(counts.cacheReadTokens ?? 0, inputTokens);
  const written = Math.min(counts.cacheWriteTokens ?? 0, inputTokens - read);
  const rest = inputTokens - read - written;
  const cached = prices.cacheRead * big(read) + prices.cacheWrite * big(written);
  const input = sideOf(rest, counts.inputAudioTokens, prices.input, prices.inputAudio);
  const output = sideOf(outputTokens, counts.outputAudioTokens, prices.output, prices.outputAudio);
  const searches = (prices.webSearch ?? 0n) * big(counts.webSearches ?? 0);
  return cached + input + output + searches;
}

/** @param audio how many of them are audio; null or undefined: any may be */
function sideOf(
  tokens: number,
  audio: number | null | undefined,
  plain: FemtoUsd,
  dear: FemtoUsd,
): FemtoUsd {
  const dearer = dear > plain ? dear : plain;
  const dearTokens = Math.min(audio ?? tokens, tokens);
  return dearer * big(dearTokens) + plain * big(tokens - dearTokens);
}

function big(count: number): bigint {
  return BigInt(Math.ceil(Math.max(0, count)));
}
