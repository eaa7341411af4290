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
 * @returns null where its tokens, or the price of something that it used, are not known
 */
export function costOf(counts: Counts, prices: TokenPrices): FemtoUsd | null {
  const { inputTokens, outputTokens } = counts;
  if (inputTokens === null || outputTokens === null) return null;
  const read = Math.min(counts.cacheReadTokens ?? 0, inputTokens);
  const written = Math.min(counts.cacheWriteTokens ?? 0, inputTokens - read);
  const rest = inputTokens - read - written;
  const parts = [
    times(prices.cacheRead, read),
    times(prices.cacheWrite, written),
    sideOf(rest, counts.inputAudioTokens, prices.input, prices.inputAudio),
    sideOf(outputTokens, counts.outputAudioTokens, prices.output, prices.outputAudio),
    times(prices.webSearch, counts.webSearches ?? 0),
  ];
  let usd = 0n;
  for (const part of parts) {
    if (part === null) return null;
    usd += part;
  }
  return usd;
}

/** @param audio how many of them are audio; null or undefined: any may be */
function sideOf(
  tokens: number,
  audio: number | null | undefined,
  plain: FemtoUsd | null,
  dear: FemtoUsd | null,
): FemtoUsd | null {
  const dearer = plain === null || (dear !== null && dear > plain) ? dear : plain;
  const dearTokens = Math.min(audio ?? tokens, tokens);
  const dearUsd = times(dearer, dearTokens);
  const plainUsd = times(plain, tokens - dearTokens);
  return dearUsd === null || plainUsd === null ? null : dearUsd + plainUsd;
}

/** What has no price is not free: of some of it, the cost is not known. */
function times(price: FemtoUsd | null, count: number): FemtoUsd | null {
  if (!(count > 0)) return 0n;
  return price === null ? null : price * BigInt(Math.ceil(count));
}
