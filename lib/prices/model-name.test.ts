import { describe, expect, test } from "vitest";
import { normaliseModelName } from "@/lib/prices/model-name";
import { isSelfHosted, normaliseProviderName } from "@/lib/prices/provider-name";

describe("a provider has one name, however clients spell it", () => {
  test.each([
    ["openai", "openai"],
    ["openai.responses", "openai"],
    ["aws.bedrock", "aws"],
    ["amazon-bedrock", "aws"],
    ["gcp.vertex_ai", "vertex"],
    ["google.vertex.chat", "vertex"],
    ["gcp.gemini", "google"],
    ["gcp.gen_ai", "google"],
    ["google.generative-ai", "google"],
    ["azure.ai.openai", "azure"],
    ["az.ai.openai", "azure"],
    ["azure-openai.chat", "azure"],
    ["mistral_ai", "mistral"],
    ["x_ai", "x-ai"],
    ["xai.chat", "x-ai"],
    ["together_ai", "together"],
    ["togetherai", "together"],
    ["fireworks_ai", "fireworks"],
    ["moonshot_ai", "moonshotai"],
    ["My Own Gateway", "my own gateway"],
  ])("%s is %s", (spelling, name) => {
    expect(normaliseProviderName(spelling)).toBe(name);
  });

  test("programs that serve local models are told apart from clouds", () => {
    expect(["ollama", "vllm", "hosted_vllm", "openai"].map(isSelfHosted)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe("a model's name is stripped of what is not its name, and nothing is guessed", () => {
  test.each([
    ["google", "models/gemini-2.5-pro", "gemini-2.5-pro"],
    ["gcp.vertex_ai", "publishers/google/models/gemini-2.0-flash", "gemini-2.0-flash"],
    [
      "gcp.vertex_ai",
      "projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-4@20250514",
      "claude-sonnet-4@20250514",
    ],
    ["vertex_ai", "vertex_ai/gemini-2.5-pro", "gemini-2.5-pro"],
    ["groq", "groq/llama-3.3-70b-versatile", "llama-3.3-70b-versatile"],
    ["groq", "openai/gpt-oss-120b", "openai/gpt-oss-120b"],
    ["openrouter", "openrouter/openai/gpt-4o", "openai/gpt-4o"],
    ["openrouter", "openrouter/auto", "openrouter/auto"],
    ["aws.bedrock", "bedrock/us-east-1/anthropic.claude-v2", "anthropic.claude-v2"],
    ["aws.bedrock", "bedrock/converse/us.amazon.nova-pro-v1:0", "us.amazon.nova-pro-v1:0"],
    [
      "aws.bedrock",
      "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0",
      "us.anthropic.claude-sonnet-4-20250514-v1:0",
    ],
    [
      "aws.bedrock",
      "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
      "amazon.nova-lite-v1:0",
    ],
    ["aws.bedrock", "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc123", null],
    ["aws.bedrock", "arn:aws:bedrock:us-east-1:1:provisioned-model/abc123", null],
    ["azure", "azure/gpt-4o", "gpt-4o"],
    ["openai", " GPT-4o ", "gpt-4o"],
    [
      "fireworks_ai",
      "fireworks_ai/accounts/fireworks/models/deepseek-v3",
      "accounts/fireworks/models/deepseek-v3",
    ],
  ])("%s %s", (provider, model, name) => {
    expect(normaliseModelName(provider, model).model).toBe(name);
  });

  test("behind a gateway the prefix is the provider, and without one there is none", () => {
    expect(normaliseModelName("litellm", "groq/llama-3.1-8b-instant")).toEqual({
      provider: "groq",
      model: "llama-3.1-8b-instant",
    });
    expect(normaliseModelName("litellm", "gpt-4o").provider).toBe("litellm");
  });
});
