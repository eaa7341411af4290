import { cleanText } from "../clean-text.ts";
import { boundTokens, estimateTokens, quickTokens } from "../estimate.ts";
import { costOf } from "../prices/cost-of.ts";
import { mergeTags, toPolicyTags } from "../tags.ts";
import { randomHex } from "../trace-ids.ts";
import type { LlmTags, ReadCall } from "../types.ts";
import type { AskedCall, ExpectedUse } from "./asked-call.ts";
import type { GuardDeps } from "./guard-deps.ts";

/** Tokens of an answer of which nobody said anything. */
const UNKNOWN_OUTPUT = 1_024;

/** What a call of a model wants, with the run that it belongs to. */
export function askLlm(given: LlmTags, deps: GuardDeps): AskedCall {
  const run = deps.findRun(given.run);
  const tags = mergeTags(given, run?.state.tags ?? deps.tags);
  const traceId = run?.traceId ?? randomHex(16);
  const model = cleanText(given.model) ?? "";
  let expected: ExpectedUse | null = null;
  const call: AskedCall = {
    type: "llm",
    run,
    tags,
    policyTags: toPolicyTags(tags, traceId, model),
    traceId,
    spanId: randomHex(8),
    parentSpanId: run?.spanId ?? null,
    provider: cleanText(given.provider) ?? null,
    model,
    signal: given.signal,
    expect() {
      expected ??= expect(given, call, deps);
      return expected;
    },
    wish: () => wishOf(given, call),
  };
  return call;
}

function expect(given: LlmTags, { run, provider, model }: AskedCall, deps: GuardDeps): ExpectedUse {
  const { estimated_usage: usage, input, maxOutputTokens } = given;
  // A limit of a run refuses by it, so it must be good; budgets only ask the server by it, so it must be quick.
  const count = run?.state.isLimited
    ? (value: unknown) => estimateTokens(value, model, deps.countTokens)
    : quickTokens;
  const inputTokens = usage?.input_tokens ?? (input === undefined ? 0 : count(input));
  const mostOutput = usage?.max_output_tokens ?? maxOutputTokens ?? UNKNOWN_OUTPUT;
  const outputTokens = usage?.output_tokens ?? Math.min(mostOutput, UNKNOWN_OUTPUT);
  const prices = deps.prices.peek(provider, model);
  const costs = (output: number) =>
    (prices && costOf({ ...NO_COUNTS, inputTokens, outputTokens: output }, prices)) ?? 0n;
  return {
    calls: 1,
    toolCalls: 0,
    inputTokens,
    outputTokens,
    usd: costs(outputTokens),
    // Only limits of a run ask for it.
    inputUsd: run?.state.isLimited ? costs(0) : 0n,
  };
}

function wishOf(given: LlmTags, { provider, model }: AskedCall): Record<string, unknown> {
  const { estimated_usage: usage, input, maxOutputTokens } = given;
  const bound = usage?.input_tokens ?? (input === undefined ? null : boundTokens(input));
  const most = usage?.max_output_tokens ?? maxOutputTokens;
  return {
    provider: provider ?? undefined,
    model,
    estimated_usage: {
      ...usage,
      ...(bound === null ? {} : { input_tokens: bound }),
      ...(most === undefined ? {} : { max_output_tokens: most }),
    },
    estimated_cost_usd: given.estimated_cost_usd,
    service_tier: given.service_tier,
    inference_geo: cleanText(given.inference_geo),
  };
}

/** A call of which it is known that it used nothing. */
export const NO_COUNTS = {
  provider: null,
  model: null,
  rawUsage: null,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  inputAudioTokens: 0,
  outputAudioTokens: 0,
  webSearches: 0,
  serviceTier: null,
  responseId: null,
} as const satisfies ReadCall;
