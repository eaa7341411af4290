/**
 * What one call used, in the contract's words. `input_tokens` and `output_tokens` are ALL tokens of
 * their side (the OpenTelemetry `gen_ai.usage.*` meaning); every other token field is a part of one of
 * them and is never added to it. An absent field was not reported.
 */
export interface Usage {
  input_tokens?: number;
  cache_read_tokens?: number;
  cache_write_5m_tokens?: number;
  cache_write_1h_tokens?: number;
  input_audio_tokens?: number;
  /** The tokens that are both audio and read from a cache; reported by few providers. */
  cache_read_audio_tokens?: number;
  output_tokens?: number;
  reasoning_tokens?: number;
  output_audio_tokens?: number;
  web_searches?: number;
  /** GPU time in seconds as a plain decimal string with at most 6 fraction digits. */
  gpu_seconds?: string;
  /** Other billable units by name (images, seconds, characters, requests). */
  units?: Record<string, number>;
}

/** Counts that have a column each in `llm_calls`. */
export const COUNT_COLUMNS = [
  "input_tokens",
  "cache_read_tokens",
  "cache_write_5m_tokens",
  "cache_write_1h_tokens",
  "input_audio_tokens",
  "output_tokens",
  "reasoning_tokens",
  "output_audio_tokens",
  "web_searches",
] as const satisfies readonly (keyof Usage)[];

/** Token fields that are parts of `input_tokens`. */
export const INPUT_PARTS = [
  "cache_read_tokens",
  "cache_write_5m_tokens",
  "cache_write_1h_tokens",
  "input_audio_tokens",
] as const satisfies readonly (keyof Usage)[];

/** Token fields that are parts of `output_tokens`. */
export const OUTPUT_PARTS = [
  "reasoning_tokens",
  "output_audio_tokens",
] as const satisfies readonly (keyof Usage)[];

/** The provider's own usage object, word for word, and which API it came from. */
export interface RawUsage {
  api: RawUsageApi;
  body: Record<string, unknown>;
}

export const RAW_USAGE_APIS = [
  "openai.chat_completions",
  "openai.responses",
  "openai.embeddings",
  "anthropic.messages",
  "google.generateContent",
  "bedrock.converse",
] as const;

export type RawUsageApi = (typeof RAW_USAGE_APIS)[number];
