/**
 * The named data of the questions: so many calls over 30 days, evenly in time, Zipf over 40 features, 60 agents,
 * 12 models and 20,000 users, ten calls a session. Call n is the same in every run of one size; `docs/benchmarks.md`
 * states it in words. What totals must be is computed here, apart from the engine.
 */
export const DATA_DAYS = 30;
export const CALLS_A_SESSION = 10;

/** A project's data: call 0 lies 30 days before `endSeconds`, the others `stepUs` apart. */
export interface NamedData {
  calls: number;
  /** Seconds since 1970, whole quarters of an hour. */
  endSeconds: number;
}

/** Microseconds between two calls: whole for every size that divides 30 days. */
export function stepUs({ calls }: NamedData): number {
  return (DATA_DAYS * 86_400e6) / calls;
}

/** Microseconds since 1970 of call 0. */
export function startUs({ endSeconds }: NamedData): number {
  return (endSeconds - DATA_DAYS * 86_400) * 1e6;
}

/** One call in so many has no price, failed, or (one session in so many) has no feature. */
export const EVERY = { unpriced: 200, failed: 50, untagged: 40 } as const;

/** Nano-dollars of call n where it has a price: 0 to 8.9 cents, every value as often. */
export const costNanoUsd = (n: number): number => (n * 7_919) % 89_989_989;

/** What calls from `fromUs` to `toUs` (excluded) add up to; the cost in nano-dollars. */
export function sumNamedData(
  data: NamedData,
  fromUs: number,
  toUs: number,
): { calls: number; costNanoUsd: bigint; errors: number; unpriced: number } {
  const place = (us: number) =>
    Math.min(data.calls, Math.max(0, Math.ceil((us - startUs(data)) / stepUs(data))));
  const [first, end] = [place(fromUs), place(toUs)];
  let cost = 0n;
  let part = 0;
  for (let n = first; n < end; n += 1) {
    if (n % EVERY.unpriced !== 0) part += costNanoUsd(n);
    // Far below 2^53, where a sum of doubles would begin to round.
    if (n % 1_000_000 === 0) {
      cost += BigInt(part);
      part = 0;
    }
  }
  const every = (step: number) => Math.ceil(end / step) - Math.ceil(first / step);
  return {
    calls: end - first,
    costNanoUsd: cost + BigInt(part),
    errors: every(EVERY.failed),
    unpriced: every(EVERY.unpriced),
  };
}

/** Log-uniform ranks of `of`: rank 0 of 40 has a fifth. Every whole number has one, the same in every run. */
const zipf = (of: string, salt: number, ranks: number): string =>
  `toUInt32(floor(pow(${ranks + 1}, sipHash64(${of}, ${salt}) / 18446744073709551616.)) - 1)`;

/**
 * SQL that makes calls `from` to `from + count - 1` inside the engine.
 *
 * Sessions overlap: calls 0, a, 2a … are one, where `a` runs at once, so that each lasts 20 minutes whatever the
 * size. User and feature are the session's, agent and model the call's. Columns that no question reads are empty.
 */
export function insertCallsSql(
  data: NamedData,
  projectId: string,
  from: number,
  count: number,
): string {
  const atOnce = Math.max(1, Math.round(data.calls / 20_000));
  const [models, providers] = [
    MODELS.map(([, model]) => `'${model}'`).join(", "),
    MODELS.map(([provider]) => `'${provider}'`).join(", "),
  ];
  return `
INSERT INTO llm_calls (project_id, bucket, id, ts, version, ingested_at, type, provider, model, agent, feature,
  user, session, has_usage, usage_source, input_tokens, cache_read_tokens, output_tokens,
  cost_usd, list_cost_usd, cost_status, cost_reason, status, error_type, attempt, duration_ms, time_to_first_token_ms)
SELECT '${projectId}', toUInt32(intDiv(us, 900000000) * 900), concat('bench-', toString(n)),
  fromUnixTimestamp64Micro(us), bitXor(toUInt64(2251799813685247), toUInt64(us)), fromUnixTimestamp64Micro(us), 'llm',
  [${providers}][model_rank + 1], [${models}][model_rank + 1],
  concat('agent-', toString(${zipf("n", 2, 60)})),
  if(run % ${EVERY.untagged} = ${EVERY.untagged - 1}, '', concat('feature-', toString(${zipf("run", 3, 40)}))),
  concat('user-', toString(${zipf("run", 4, 20_000)})), concat('session-', toString(run)),
  NOT is_failed, 'reported', if(is_failed, 0, 200 + sipHash64(n, 5) % 12000),
  if(is_failed, 0, sipHash64(n, 6) % 200), if(is_failed, 0, 20 + sipHash64(n, 7) % 1500),
  if(n % ${EVERY.unpriced} = 0, NULL, toDecimal128(n * 7919 % 89989989, 15) / 1000000000) AS cost, cost,
  if(cost IS NULL, 'unpriced', 'priced'), if(cost IS NULL, 'unknown_model', ''),
  if(is_failed, 'error', 'ok'), if(is_failed, 'timeout', ''), 1, 300 + sipHash64(n, 11) % 9000,
  if(is_failed, NULL, 120 + sipHash64(n, 12) % 900)
FROM (SELECT number + ${from} AS n, toInt64(${startUs(data)}) + toInt64(n * ${stepUs(data)}) AS us,
    intDiv(n, ${atOnce * CALLS_A_SESSION}) * ${atOnce} + n % ${atOnce} AS run,
    n % ${EVERY.failed} = 0 AS is_failed, ${zipf("n", 1, 12)} AS model_rank
  FROM numbers(${count}))`;
}

const MODELS = [
  ["openai", "gpt-5-2025-08-07"],
  ["openai", "gpt-5-mini-2025-08-07"],
  ["anthropic", "claude-sonnet-4-5-20250929"],
  ["openai", "gpt-4o-2024-08-06"],
  ["anthropic", "claude-haiku-4-5-20251001"],
  ["google", "gemini-2.5-pro"],
  ["openai", "gpt-4.1-2025-04-14"],
  ["google", "gemini-2.5-flash"],
  ["anthropic", "claude-opus-4-1-20250805"],
  ["groq", "llama-3.3-70b-versatile"],
  ["mistral_ai", "mistral-large-2411"],
  ["ollama", "llama3.1:8b-instruct-q4_K_M"],
] as const;
