import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkUsage } from "@/lib/usage/check-usage";
import { normaliseRawUsage } from "@/lib/usage/normalise-raw-usage";
import { RAW_USAGE_APIS, type RawUsageApi } from "@/lib/usage/usage";

function read(api: RawUsageApi, body: Record<string, unknown>) {
  const result = normaliseRawUsage({ api, body });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result;
}

function faults(api: RawUsageApi, body: Record<string, unknown>) {
  const result = normaliseRawUsage({ api, body });
  return result.ok ? [] : result.errors.map((error) => error.path);
}

describe("what is not a count", () => {
  test("an absent or null member was not reported", () => {
    expect(read("openai.chat_completions", {}).usage).toEqual({});
    expect(
      read("openai.chat_completions", {
        prompt_tokens: 3,
        completion_tokens: null,
        prompt_tokens_details: null,
      }).usage,
    ).toEqual({ input_tokens: 3 });
    expect(read("bedrock.converse", { inputTokens: null }).usage).toEqual({});
    expect(read("anthropic.messages", {}).usage).toEqual({});
  });

  test("every wrong type is told by its path", () => {
    expect(
      faults("openai.chat_completions", {
        prompt_tokens: -1,
        completion_tokens: 1.5,
        prompt_tokens_details: 7,
      }),
    ).toEqual([
      "raw_usage.body.prompt_tokens",
      "raw_usage.body.prompt_tokens_details",
      "raw_usage.body.completion_tokens",
    ]);
    expect(faults("anthropic.messages", { input_tokens: "12" })).toEqual([
      "raw_usage.body.input_tokens",
    ]);
    expect(faults("bedrock.converse", { inputTokens: 2 ** 53 })).toEqual([
      "raw_usage.body.inputTokens",
    ]);
    expect(
      faults("google.generateContent", {
        promptTokensDetails: [{ modality: "AUDIO", tokenCount: true }],
      }),
    ).toEqual(["raw_usage.body.promptTokensDetails[0].tokenCount"]);
    expect(faults("google.generateContent", { promptTokensDetails: {} })).toEqual([
      "raw_usage.body.promptTokensDetails",
    ]);
  });

  test("contradictory counts are kept, and found afterwards", () => {
    const { usage } = read("openai.chat_completions", {
      prompt_tokens: 10,
      prompt_tokens_details: { cached_tokens: 20 },
    });
    expect(checkUsage(usage)).toBe("part_over_whole:cache_read_tokens");
  });

  test("no body at all makes it throw", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RAW_USAGE_APIS),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (api, body) => {
          expect(() => normaliseRawUsage({ api, body })).not.toThrow();
        },
      ),
    );
  });
});
