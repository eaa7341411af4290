/**
 * The events the benchmarks send: Zipf-like over 40 features, 60 agents, 12 models and 20,000 users, in order
 * of time, as live traffic comes. Deterministic: event n is the same in every run.
 */
const MODELS = [
  ["openai", "gpt-5-2025-08-07"],
  ["openai", "gpt-5-mini-2025-08-07"],
  ["openai", "gpt-4o-2024-08-06"],
  ["openai", "gpt-4.1-2025-04-14"],
  ["anthropic", "claude-sonnet-4-5-20250929"],
  ["anthropic", "claude-haiku-4-5-20251001"],
  ["anthropic", "claude-opus-4-1-20250805"],
  ["google", "gemini-2.5-pro"],
  ["google", "gemini-2.5-flash"],
  ["groq", "llama-3.3-70b-versatile"],
  ["mistral_ai", "mistral-large-2411"],
  ["ollama", "llama3.1:8b-instruct-q4_K_M"],
] as const;

/** A well-mixed 32-bit hash of a counter (splitmix32): random access, no state. */
function mix(n: number): number {
  let z = (n * 0x9e3779b9) >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

/** A rank from 0 to count - 1, the low ones far more often (log-uniform, which is Zipf with exponent 1). */
function zipf(random: number, count: number): number {
  return Math.floor((count + 1) ** (random / 4294967296)) - 1;
}

/**
 * Events `from` to `from + count - 1`.
 * @param startMs time of event 0; the following are `stepMs` apart
 */
export function eventsOf(from: number, count: number, startMs: number, stepMs: number): object[] {
  return Array.from({ length: count }, (_, index) => {
    const n = from + index;
    const random = (salt: number): number => mix(Math.imul(n, 31) + salt);
    const [provider, model] = MODELS[zipf(random(1), MODELS.length)] ?? MODELS[0];
    const input = 200 + (random(2) % 12_000);
    const output = 20 + (random(3) % 1_500);
    const isFailed = random(4) % 50 === 0;
    return {
      id: `bench-${n}`,
      timestamp: new Date(startMs + n * stepMs).toISOString(),
      provider,
      model,
      agent: `agent-${zipf(random(5), 60)}`,
      feature: `feature-${zipf(random(6), 40)}`,
      task_type: `kind-${random(7) % 8}`,
      task: `task-${Math.floor(n / 20)}`,
      user: `user-${zipf(random(8), 20_000)}`,
      session: `session-${Math.floor(n / 10)}`,
      trace_id: mix(Math.floor(n / 10))
        .toString(16)
        .padStart(32, "0"),
      span_id: mix(n).toString(16).padStart(16, "0"),
      duration_ms: 300 + (random(9) % 9_000),
      ...(isFailed
        ? { status: "error", error_type: "rate_limit" }
        : {
            time_to_first_token_ms: 120 + (random(10) % 900),
            usage: {
              input_tokens: input,
              cache_read_tokens: random(11) % 3 === 0 ? Math.floor(input / 2) : 0,
              output_tokens: output,
            },
          }),
      metadata: { team: `team-${random(12) % 6}` },
    };
  });
}
