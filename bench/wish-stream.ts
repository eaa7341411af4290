const MODELS = [
  ["openai", "gpt-4o"],
  ["openai", "gpt-5-nano"],
  ["anthropic", "claude-sonnet-4-5"],
  ["google", "gemini-2.5-flash"],
] as const;

/** What a fleet asks before its calls: 60 agents, 40 features, 500 users, every call with an estimate and a cap. */
export function wishesOf(from: number, count: number): object[] {
  return Array.from({ length: count }, (_, index) => {
    const n = from + index;
    const [provider, model] = MODELS[n % MODELS.length] ?? MODELS[0];
    return {
      agent: `agent-${n % 60}`,
      task: `task-${Math.floor(n / 10)}`,
      task_type: `type-${n % 7}`,
      feature: `feature-${n % 40}`,
      user: `user-${(n * 7_919) % 500}`,
      session: `session-${Math.floor(n / 10)}`,
      provider,
      model,
      estimated_usage: { input_tokens: 800 + (n % 4_000), max_output_tokens: 1_024 },
    };
  });
}
