import fc from "fast-check";
import { expect, test } from "vitest";
import { costOf } from "./cost-of.ts";
import type { TokenPrices } from "./prices.ts";

const FREE: TokenPrices = {
  input: 0n,
  cacheRead: 0n,
  cacheWrite: 0n,
  inputAudio: 0n,
  output: 0n,
  outputAudio: 0n,
  webSearch: 0n,
};
const COUNTS = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

test("what has no price is not free: the cost of a call that used it is not known, of others it is", () => {
  const cases = [
    [{ input: null, inputAudio: null }, { inputTokens: 1 }],
    [{ output: null, outputAudio: null }, { outputTokens: 1 }],
    [{ cacheRead: null }, { inputTokens: 1, cacheReadTokens: 1 }],
    [{ cacheWrite: null }, { inputTokens: 1, cacheWriteTokens: 1 }],
    [{ webSearch: null }, { webSearches: 1 }],
  ] as const;
  for (const [unknown, used] of cases) {
    const prices = { ...FREE, ...unknown };
    expect(costOf({ ...COUNTS, ...used }, prices)).toBeNull();
    expect(costOf(COUNTS, prices)).toBe(0n);
  }
});

test("each token is counted once, at its own price or a dearer one of its side", () => {
  const price = fc.bigInt(0n, 10n ** 10n);
  const tokens = fc.nat(1_000_000);
  const all = fc.record({
    input: price,
    cacheRead: price,
    cacheWrite: price,
    inputAudio: price,
    output: price,
    outputAudio: price,
    webSearch: price,
  });
  fc.assert(
    fc.property(all, tokens, tokens, tokens, tokens, (prices, rest, read, written, output) => {
      const counts = {
        inputTokens: rest + read + written,
        outputTokens: output,
        cacheReadTokens: read,
        cacheWriteTokens: written,
        inputAudioTokens: 0,
        outputAudioTokens: 0,
      };
      const exact =
        prices.input * BigInt(rest) +
        prices.cacheRead * BigInt(read) +
        prices.cacheWrite * BigInt(written) +
        prices.output * BigInt(output);
      expect(costOf(counts, prices)).toBe(exact);
    }),
  );
});
