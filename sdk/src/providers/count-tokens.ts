import type { RawUsageApi, ReadCall } from "../types.ts";
import { asCount, asFields, asText, type Fields, listFields, sumKnown } from "./fields.ts";

/** What limits that are counted in the agent need of a usage object. The ledger reads the object itself. */
export type TokenCounts = Pick<
  ReadCall,
  | "inputTokens"
  | "outputTokens"
  | "cacheReadTokens"
  | "cacheWriteTokens"
  | "inputAudioTokens"
  | "outputAudioTokens"
  | "webSearches"
>;

/** Counts a provider's usage object: input and output are ALL tokens of their side, whatever the provider leaves out. */
export function countTokens(api: RawUsageApi, body: Fields): TokenCounts {
  switch (api) {
    case "openai.chat_completions":
      return countOpenAi(
        body,
        body.prompt_tokens,
        body.completion_tokens,
        body.prompt_tokens_details,
        body.completion_tokens_details,
      );
    case "openai.responses":
      return countOpenAi(
        body,
        body.input_tokens,
        body.output_tokens,
        body.input_tokens_details,
        body.output_tokens_details,
      );
    case "openai.embeddings":
      return countsOf(asCount(body.prompt_tokens) ?? asCount(body.total_tokens), 0, null, null);
    case "anthropic.messages":
      return countAnthropic(body);
    case "google.generateContent":
      return countGoogle(body);
    default: {
      const read = asCount(body.cacheReadInputTokens) ?? asCount(body.cacheReadInputTokenCount);
      const write = asCount(body.cacheWriteInputTokens) ?? asCount(body.cacheWriteInputTokenCount);
      const input = sumKnown(asCount(body.inputTokens), read, write);
      return countsOf(input, asCount(body.outputTokens), read, write);
    }
  }
}

function countsOf(
  inputTokens: number | null,
  outputTokens: number | null,
  cacheReadTokens: number | null,
  cacheWriteTokens: number | null,
): TokenCounts {
  return { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens };
}

function countOpenAi(
  body: Fields,
  inputTokens: unknown,
  outputTokens: unknown,
  inputTokensDetails: unknown,
  outputTokensDetails: unknown,
): TokenCounts {
  const inputDetails = asFields(inputTokensDetails);
  const outputDetails = asFields(outputTokensDetails);
  const input = asCount(inputTokens);
  const output = asCount(outputTokens);
  const reasoning = asCount(outputDetails?.reasoning_tokens) ?? 0;
  // xAI counts reasoning beside the completion; only the total tells which of the two it is.
  const isBeside = body.total_tokens === (input ?? 0) + (output ?? 0) + reasoning;
  const cached =
    asCount(inputDetails?.cached_tokens) ??
    asCount(body.prompt_cache_hit_tokens) ??
    asCount(body.cached_tokens);
  return {
    ...countsOf(
      input,
      output !== null && isBeside ? output + reasoning : output,
      cached,
      asCount(inputDetails?.cache_write_tokens) ?? asCount(inputDetails?.cache_creation_tokens),
    ),
    inputAudioTokens: inputDetails && (asCount(inputDetails.audio_tokens) ?? 0),
    outputAudioTokens: outputDetails && (asCount(outputDetails.audio_tokens) ?? 0),
  };
}

/** `input_tokens` leaves out what the cache has; what compaction used stands in iterations only. */
function countAnthropic(body: Fields): TokenCounts {
  const parts = [body, ...listFields(body.iterations).filter(({ type }) => type === "compaction")];
  const sum = (name: string) => sumKnown(...parts.map((part) => asCount(part[name])));
  const read = sum("cache_read_input_tokens");
  const write = sum("cache_creation_input_tokens");
  return {
    // Nothing written says nothing of the input.
    ...countsOf(
      sumKnown(sum("input_tokens"), read, write || null),
      sum("output_tokens"),
      read,
      write,
    ),
    webSearches: asCount(asFields(body.server_tool_use)?.web_search_requests),
  };
}

/** Results of tools are input beside the prompt, and thoughts are output beside the candidates. */
function countGoogle(body: Fields): TokenCounts {
  const answer = asCount(body.candidatesTokenCount) ?? asCount(body.responseTokenCount);
  const audioOf = (details: unknown) =>
    Array.isArray(details)
      ? listFields(details)
          .filter(({ modality }) => asText(modality) === "AUDIO")
          .reduce((sum, { tokenCount }) => sum + (asCount(tokenCount) ?? 0), 0)
      : null;
  return {
    ...countsOf(
      sumKnown(asCount(body.promptTokenCount), asCount(body.toolUsePromptTokenCount)),
      sumKnown(answer, asCount(body.thoughtsTokenCount)),
      asCount(body.cachedContentTokenCount),
      null,
    ),
    inputAudioTokens: audioOf(body.promptTokensDetails),
    outputAudioTokens: audioOf(body.candidatesTokensDetails),
  };
}
