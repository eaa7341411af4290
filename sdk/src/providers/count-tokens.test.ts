import fc from "fast-check";
import { expect, test } from "vitest";
import { normaliseRawUsage } from "@/lib/usage/normalise-raw-usage";
import type { RawUsageApi } from "../types.ts";
import { countTokens } from "./count-tokens.ts";
import type { Fields } from "./fields.ts";

const count = fc.option(fc.nat(1_000_000), { nil: undefined });
/** Bodies of which any member may be missing. */
const some = (members: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(members, { requiredKeys: [] });
const modalities = fc.array(
  fc.record({ modality: fc.constantFrom("TEXT", "AUDIO"), tokenCount: fc.nat(1000) }),
  { maxLength: 3 },
);
const openAi = (input: string, output: string) =>
  some({
    [`${input}_tokens`]: count,
    [`${output}_tokens`]: count,
    total_tokens: count,
    [`${input}_tokens_details`]: some({ cached_tokens: count, audio_tokens: count }),
    [`${output}_tokens_details`]: some({ reasoning_tokens: count, audio_tokens: count }),
    prompt_cache_hit_tokens: count,
  });
const anthropic = {
  input_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
  output_tokens: count,
};

const BODIES: Record<RawUsageApi, fc.Arbitrary<Fields>> = {
  "openai.chat_completions": openAi("prompt", "completion"),
  "openai.responses": openAi("input", "output"),
  "openai.embeddings": some({ prompt_tokens: count, total_tokens: count }),
  "anthropic.messages": some({
    ...anthropic,
    iterations: fc.array(some({ ...anthropic, type: fc.constantFrom("message", "compaction") }), {
      maxLength: 2,
    }),
  }),
  "google.generateContent": some({
    promptTokenCount: count,
    toolUsePromptTokenCount: count,
    cachedContentTokenCount: count,
    candidatesTokenCount: count,
    thoughtsTokenCount: count,
    promptTokensDetails: modalities,
    candidatesTokensDetails: modalities,
  }),
  "bedrock.converse": some({
    inputTokens: count,
    outputTokens: count,
    cacheReadInputTokens: count,
    cacheWriteInputTokens: count,
  }),
};

test.each(Object.entries(BODIES))(
  "a limit in the agent counts a usage of %s as the ledger does",
  (name, bodies) => {
    const api = name as RawUsageApi;
    fc.assert(
      fc.property(bodies, (body) => {
        const normalised = normaliseRawUsage({ api, body });
        const usage = normalised.ok ? normalised.usage : {};
        const counts = countTokens(api, body);
        expect(counts.inputTokens ?? undefined).toBe(usage.input_tokens);
        expect(counts.outputTokens ?? undefined).toBe(usage.output_tokens);
        expect(counts.cacheReadTokens || undefined).toBe(usage.cache_read_tokens);
        expect(counts.cacheWriteTokens ?? 0).toBe(
          (usage.cache_write_5m_tokens ?? 0) + (usage.cache_write_1h_tokens ?? 0),
        );
        if (counts.inputAudioTokens != null) {
          expect(counts.inputAudioTokens).toBe(usage.input_audio_tokens ?? 0);
        }
      }),
      { numRuns: 200 },
    );
  },
);

test("xAI's reasoning beside the completion is output too, OpenAI's inside is not added", () => {
  const beside = {
    prompt_tokens: 10,
    completion_tokens: 5,
    total_tokens: 115,
    completion_tokens_details: { reasoning_tokens: 100 },
  };
  const inside = { ...beside, completion_tokens: 105 };
  expect(countTokens("openai.chat_completions", beside).outputTokens).toBe(105);
  expect(countTokens("openai.chat_completions", inside).outputTokens).toBe(105);
});
