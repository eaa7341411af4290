import type { CountReader } from "@/lib/usage/count-reader";
import { type UsageShape, usageOf } from "@/lib/usage/provider-usage";

interface OpenAiNames {
  input: string;
  inputDetails: string;
  output: string;
  outputDetails: string;
}

/**
 * OpenAI's Chat Completions usage, which DeepSeek, Groq, Mistral, xAI, OpenRouter and most gateways copy.
 * `prompt_tokens` and `completion_tokens` are wholes: the details are parts of them.
 * Source: https://platform.openai.com/docs/api-reference/chat/object
 */
export const chatCompletionsUsage: UsageShape = (body) =>
  openAiUsage(body, {
    input: "prompt_tokens",
    inputDetails: "prompt_tokens_details",
    output: "completion_tokens",
    outputDetails: "completion_tokens_details",
  });

/** OpenAI's Responses usage. Source: https://platform.openai.com/docs/api-reference/responses/object */
export const responsesUsage: UsageShape = (body) =>
  openAiUsage(body, {
    input: "input_tokens",
    inputDetails: "input_tokens_details",
    output: "output_tokens",
    outputDetails: "output_tokens_details",
  });

/** OpenAI's embeddings usage: an embedding has no output tokens, which is known and so 0. */
export const embeddingsUsage: UsageShape = (body) => ({
  usage: usageOf({
    // Voyage and Jina, whose API is a copy of this one, report `total_tokens` alone.
    input_tokens: body.count("prompt_tokens") ?? body.count("total_tokens"),
    output_tokens: 0,
  }),
});

function openAiUsage(body: CountReader, names: OpenAiNames) {
  const input = body.count(names.input);
  const reasoning = body.count(names.outputDetails, "reasoning_tokens");
  const tier = body.text("service_tier");
  const usage = usageOf({
    input_tokens: input,
    // DeepSeek's hits and Moonshot's top-level count are the same tokens as `cached_tokens`: one of them counts.
    cache_read_tokens:
      body.count(names.inputDetails, "cached_tokens") ??
      body.count("prompt_cache_hit_tokens") ??
      body.count("cached_tokens"),
    // GPT-5.6 and later and OpenRouter say `cache_write_tokens`, LiteLLM `cache_creation_tokens`.
    // None names a lifetime: it is the default cache, which the contract calls 5m.
    cache_write_5m_tokens:
      body.count(names.inputDetails, "cache_write_tokens") ??
      body.count(names.inputDetails, "cache_creation_tokens"),
    input_audio_tokens: body.count(names.inputDetails, "audio_tokens"),
    cache_read_audio_tokens: body.count(
      names.inputDetails,
      "cached_tokens_details",
      "audio_tokens",
    ),
    output_tokens: allOutput(body, names, input, reasoning),
    reasoning_tokens: reasoning,
    output_audio_tokens: body.count(names.outputDetails, "audio_tokens"),
    // Only copies of the API report searches here (OpenRouter, Perplexity, xAI); OpenAI lists them as output items.
    web_searches:
      body.count("server_tool_use", "web_search_requests") ??
      body.count("num_search_queries") ??
      body.count("server_side_tool_usage_details", "web_search_calls"),
  });
  // Perplexity bills what it cites beside the completion, at a price of its own.
  const citations = body.count("citation_tokens");
  if (citations) usage.units = { citation_tokens: citations };
  return { usage, ...(tier ? { serviceTier: tier } : {}) };
}

/**
 * All output tokens. OpenAI counts reasoning inside `completion_tokens`; xAI's Chat Completions count it
 * beside them (https://docs.x.ai/docs/guides/reasoning). `total_tokens` says which of the two it is, and
 * only where it proves "beside" is reasoning added, so that it is never charged twice.
 */
function allOutput(
  body: CountReader,
  names: OpenAiNames,
  input: number | undefined,
  reasoning: number | undefined,
): number | undefined {
  const output = body.count(names.output);
  const total = body.count("total_tokens");
  if (output === undefined || !reasoning || total === undefined) return output;
  return (input ?? 0) + output + reasoning === total ? output + reasoning : output;
}
