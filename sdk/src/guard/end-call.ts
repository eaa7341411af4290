import type { FemtoUsd } from "../money.ts";
import type { Policy } from "../policy/policy.ts";
import type { RecentCall, RecentSpend } from "../policy/recent-spend.ts";
import { costOf } from "../prices/cost-of.ts";
import type { Prices } from "../prices/prices.ts";
import { beginUse, noUse, type RunUse } from "../run/run-state.ts";
import type { ReadCall } from "../types.ts";
import type { AskedCall } from "./asked-call.ts";

/** What a call used, as far as it is known. */
export type UsedCounts = Pick<
  ReadCall,
  | "model"
  | "inputTokens"
  | "outputTokens"
  | "cacheReadTokens"
  | "cacheWriteTokens"
  | "inputAudioTokens"
  | "outputAudioTokens"
  | "webSearches"
>;

/** A call that is under way, in the sums by which this process decides. */
export interface CountedCall {
  /** @param counts null: nothing says what it used @param sequence of its event */
  end(ended: {
    counts: UsedCounts | null;
    /** What a tool said that it cost. */
    usd: FemtoUsd | null;
    seconds: number;
    sequence: number;
  }): void;
  /** It was not made. */
  drop(): void;
}

/** Counts a call into its run and into the budgets that bind it; until it ends by what it is expected to use. */
export function countCall(
  call: AskedCall,
  policy: Policy | null,
  { recent, prices }: { recent: RecentSpend; prices: Prices },
): CountedCall {
  const run = call.run?.state ?? null;
  const isCounted = run?.isLimited || (policy !== null && policy.budgets.length > 0);
  const expected = isCounted ? call.expect() : noUse();
  const endUse = beginUse(run, expected);
  const recentCall: RecentCall = { amounts: toAmounts(expected, 0), sequence: null };
  if (policy) recent.begin(policy, recentCall);
  return {
    drop() {
      endUse(null);
      if (policy) recent.end(policy, recentCall);
    },
    end({ counts, usd, seconds, sequence }) {
      const use = toUse(call, counts, usd);
      const known = counts && (run || policy) ? pricesOf(call, counts, prices) : null;
      const cost = counts && known ? costOf(counts, known) : null;
      use.usd += cost ?? 0n;
      endUse(use);
      recentCall.amounts = toAmounts(use, seconds);
      recentCall.sequence = sequence;
      if (policy) recent.end(policy, recentCall);
      if (call.type !== "llm") return;
      const isKnown =
        counts !== null && counts.inputTokens !== null && counts.outputTokens !== null;
      for (let one = run; one; one = one.parent) {
        if (!isKnown) one.unknownCalls++;
        else if (cost === null) one.unpricedCalls++;
      }
      if (run && isKnown && cost === null) void priceLater(call, counts, prices);
    },
  };
}

function toUse(call: AskedCall, counts: UsedCounts | null, usd: FemtoUsd | null): RunUse {
  const isLlm = call.type === "llm";
  return {
    calls: isLlm ? 1 : 0,
    toolCalls: isLlm ? 0 : 1,
    inputTokens: counts?.inputTokens ?? 0,
    outputTokens: counts?.outputTokens ?? 0,
    usd: usd ?? 0n,
  };
}

/** By the model that answered, else by the one that was asked for: a dated name may not be known by itself. */
function pricesOf({ provider, model }: AskedCall, counts: UsedCounts, prices: Prices) {
  return (
    prices.peek(provider, model) ?? (counts.model ? prices.peek(provider, counts.model) : null)
  );
}

/** Of the first call of a model the price comes after it. */
async function priceLater(call: AskedCall, counts: UsedCounts, prices: Prices): Promise<void> {
  const { provider, model, run } = call;
  let known = await prices.load(provider, model);
  if (known === null && counts.model && counts.model !== model)
    known = await prices.load(provider, counts.model);
  // Nobody could be asked: the next call tries again.
  if (known === undefined) return;
  const usd = known && costOf(counts, known);
  for (let one = run?.state ?? null; one; one = one.parent) {
    if (usd === null) one.unpricedModel = model;
    else {
      one.spent.usd += usd;
      one.unpricedCalls--;
    }
  }
}

function toAmounts({ usd, calls, toolCalls, inputTokens, outputTokens }: RunUse, seconds: number) {
  return { usd, tokens: inputTokens + outputTokens, calls, tool_calls: toolCalls, seconds };
}
