import type { RawUsageApi, ReadCall, Usage } from "../types.ts";
import { asCount, asFields, type Fields, sumKnown } from "./fields.ts";

/** What a response says was used: the provider's own object, or counts in the contract's words. */
export type FoundUsage = Pick<ReadCall, "rawUsage" | "usage">;

/**
 * Finds the usage object of a response by its members' names.
 * @param provider for the AI SDK's older results, whose input leaves out the cache for some providers
 * @returns null where there is none, which is unknown and not 0
 */
export function readUsage(response: Fields, provider: string | undefined): FoundUsage | null {
  const usage =
    asFields(response.usageMetadata) ??
    // `usage` of several steps is the last one's.
    asFields(response.totalUsage) ??
    asFields(response.usage) ??
    asFields(asFields(response.x_groq)?.usage);
  if (!usage) return null;
  const metadata = asFields(response.providerMetadata);
  const isTotal = response.totalUsage !== undefined;
  // The AI SDK keeps the provider's object beside its own counts; that of several steps would be the last one's.
  const kept = isTotal
    ? []
    : [
        usage.raw,
        asFields(metadata?.anthropic)?.usage,
        asFields(metadata?.google)?.usageMetadata,
        asFields(metadata?.vertex)?.usageMetadata,
      ];
  for (const candidate of [...kept, usage]) {
    const body = asFields(candidate);
    const api = body && findApi(body, response);
    if (body && api) return { rawUsage: { api, body } };
  }
  const counts = readAiSdkUsage(usage, metadata, provider ?? "");
  return counts && { rawUsage: null, usage: counts };
}

function findApi(usage: Fields, response: Fields): RawUsageApi | null {
  if ("promptTokenCount" in usage || "totalTokenCount" in usage) return "google.generateContent";
  if ("completion_tokens" in usage) return "openai.chat_completions";
  if ("input_tokens" in usage) {
    const isOpenAi = "total_tokens" in usage || "input_tokens_details" in usage;
    return isOpenAi || response.object === "response" ? "openai.responses" : "anthropic.messages";
  }
  if ("prompt_tokens" in usage || "total_tokens" in usage) {
    return "choices" in response ? "openai.chat_completions" : "openai.embeddings";
  }
  const isConverse = "stopReason" in response || "metrics" in response;
  return isConverse && "inputTokens" in usage ? "bedrock.converse" : null;
}

/** The AI SDK's counts: numbers (v5, and of whole runs), or an object a side (v6, v7); `tokens` of embeddings. */
function readAiSdkUsage(usage: Fields, metadata: Fields | null, provider: string): Usage | null {
  if (asCount(usage.tokens) !== null) return usageOf({ input: asCount(usage.tokens), output: 0 });
  const [input, output] = [asFields(usage.inputTokens), asFields(usage.outputTokens)];
  const [inputDetails, outputDetails] = [
    asFields(usage.inputTokenDetails),
    asFields(usage.outputTokenDetails),
  ];
  const total = asCount(input?.total) ?? asCount(usage.inputTokens);
  const read =
    asCount(input?.cacheRead) ??
    asCount(inputDetails?.cacheReadTokens) ??
    asCount(usage.cachedInputTokens);
  const write =
    asCount(input?.cacheWrite) ??
    asCount(inputDetails?.cacheWriteTokens) ??
    asCount(asFields(asFields(metadata?.bedrock)?.usage)?.cacheWriteInputTokens);
  const noCache = asCount(input?.noCache) ?? asCount(inputDetails?.noCacheTokens);
  // Before v6 these two providers' input was what the cache did not have.
  const isWithoutCache = noCache === null && /anthropic|bedrock/.test(provider);
  return usageOf({
    input: isWithoutCache ? sumKnown(total, read, write) : total,
    output: asCount(output?.total) ?? asCount(usage.outputTokens),
    read,
    write,
    reasoning:
      asCount(output?.reasoning) ??
      asCount(outputDetails?.reasoningTokens) ??
      asCount(usage.reasoningTokens),
  });
}

interface Counts {
  input: number | null;
  output: number | null;
  read?: number | null;
  write?: number | null;
  reasoning?: number | null;
}

function usageOf({ input, output, read, write, reasoning }: Counts): Usage | null {
  if (input === null && output === null) return null;
  return {
    ...(input !== null && { input_tokens: input }),
    ...(output !== null && { output_tokens: output }),
    ...(read && { cache_read_tokens: read }),
    ...(write && { cache_write_5m_tokens: write }),
    ...(reasoning && { reasoning_tokens: reasoning }),
  };
}
