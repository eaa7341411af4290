/** A bucket is the 15 minutes an event lies in: zones are offset by 30 and 45 minutes, so an hour is too coarse. */
export const BUCKET_SECONDS = 900;

const VERSION_TIME_BITS = 51n;
const VERSION_TIME_MAX = (1n << VERSION_TIME_BITS) - 1n;
const MAX_REVISION = (1 << 13) - 1;

/**
 * One inserted row of `llm_calls`, as the JSON object of one `JSONEachRow` line. Facts as received,
 * and what was derived from them (cost, status, price lines).
 *
 * Text that was not sent is `""` (the API refuses an empty one); a number that was not sent is `null`,
 * because 0 is a number. Token columns are 0 where a part was not reported: `has_usage` tells whether
 * anything was, and `usage` holds exactly what.
 */
export interface LlmCallRow {
  project_id: string;
  /** `toBucket(ts)`: seconds since 1970. Part of the identity. */
  bucket: number;
  id: string;
  /** `toDateTimeText(...)`: UTC, microseconds. */
  ts: string;
  /** `toVersion(revision, ingestedAtUs)`. */
  version: string;
  /** 0 for a row as it was received. */
  revision: number;
  /** `toDateTimeText(...)`: UTC, microseconds; when the spool took it. */
  ingested_at: string;
  api_key_id: string;

  type: "llm" | "tool" | "agent" | "step" | "guard";
  name: string;
  provider: string;
  model: string;
  requested_model: string;
  agent: string;
  task: string;
  task_type: string;
  feature: string;
  user: string;
  session: string;
  trace_id: string;
  span_id: string;
  parent_span_id: string;

  /** False where no usage came at all: its tokens are then unknown, not 0. */
  has_usage: boolean;
  usage_source: "reported" | "estimated";
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_5m_tokens: number;
  cache_write_1h_tokens: number;
  input_audio_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  output_audio_tokens: number;
  web_searches: number;
  /** Seconds as a plain decimal string, at most 6 fraction digits; `"0"` where none came. */
  gpu_seconds: string;
  /** JSON text of the normalised `Usage`, `""` where none came. */
  usage: string;
  /** JSON text of `{api, body}` word for word, `""` where none came. */
  raw_usage: string;

  /** US dollars as plain decimal strings, at most 15 fraction digits; `null` is unknown, never 0. */
  cost_usd: string | null;
  list_cost_usd: string | null;
  reported_cost_usd: string | null;
  cost_status: "priced" | "partial" | "unpriced" | "invalid_usage" | "provided" | "estimated";
  /** `""` for a plain price. */
  cost_reason: string;
  /** JSON text of `CallPrice`, `""` where there is none. */
  price: string;

  service_tier: string;
  inference_geo: string;
  provider_account: string;
  status: "ok" | "error";
  error_type: string;
  /** 1 and more; 0 where it was not sent. */
  attempt: number;
  duration_ms: number | null;
  time_to_first_token_ms: number | null;

  cache_layer: string;
  cache_hit: boolean | null;
  routing_strategy: string;
  routing_tier: string;
  routing_baseline_model: string;
  reservation_id: string;
  prompt_hash: string;
  prefix_hashes: string[];
  system_prompt_tokens: number | null;
  source: string;
  sequence: number | null;
  /** Attribution tags the project requires and the event left out. */
  missing_tags: string[];
  metadata: Record<string, string>;
  /** False for what repeats another call, or is none; left out: true. */
  counted?: boolean;
  /** Id of the call that counts instead. */
  linked_id?: string;
  /** The provider's own id of the response. */
  response_id?: string;
}

/**
 * The bucket of an instant.
 * @param timestampUs microseconds since 1970 (a safe integer until the year 2255)
 * @returns seconds since 1970, a multiple of 900
 */
export function toBucket(timestampUs: number): number {
  return Math.floor(timestampUs / (BUCKET_SECONDS * 1e6)) * BUCKET_SECONDS;
}

/**
 * Writes an instant the way `DateTime64(6, 'UTC')` reads it: `2026-11-21 10:00:00.123456`.
 * @param timestampUs microseconds since 1970, a whole number
 */
export function toDateTimeText(timestampUs: number): string {
  const ms = Math.floor(timestampUs / 1000);
  const restUs = timestampUs - ms * 1000;
  const text = new Date(ms).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 23)}${String(restUs).padStart(3, "0")}`;
}

/**
 * Which of several rows with one identity stays: the highest revision, then the EARLIEST arrival.
 * A ReplacingMergeTree keeps the highest version, hence `revision << 51 | (2^51 - 1 - arrival)`.
 *
 * Two arrivals of one identity must not share a microsecond (the later insert would win): give each
 * event of a process its own, increasing one.
 *
 * @param ingestedAtUs microseconds since 1970; 51 bits reach the year 2041
 * @returns a UInt64 as a decimal string: it does not fit a JSON number
 * @throws RangeError outside those bounds: a wrapped version would let a duplicate replace a fact
 */
export function toVersion(revision: number, ingestedAtUs: number): string {
  if (!Number.isInteger(revision) || revision < 0 || revision > MAX_REVISION) {
    throw new RangeError(`revision ${revision} is not from 0 to ${MAX_REVISION}`);
  }
  const time = BigInt(ingestedAtUs);
  if (time < 0n || time > VERSION_TIME_MAX) {
    throw new RangeError(`arrival ${ingestedAtUs} does not fit ${VERSION_TIME_BITS} bits`);
  }
  return ((BigInt(revision) << VERSION_TIME_BITS) | (VERSION_TIME_MAX - time)).toString();
}

/**
 * The version of a row's next revision: it keeps the row's arrival.
 * @throws RangeError where the row has all the revisions there can be
 */
export function nextVersion(version: string): string {
  const number = BigInt(version);
  const arrivalUs = VERSION_TIME_MAX - (number & VERSION_TIME_MAX);
  return toVersion(Number(number >> VERSION_TIME_BITS) + 1, Number(arrivalUs));
}

/** Reads `toDateTimeText` back: microseconds since 1970. */
export function toInstantUs(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11, 23)}Z`) * 1000 + Number(text.slice(23));
}
