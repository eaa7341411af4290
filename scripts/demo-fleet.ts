/**
 * A small believable company for the demo: who calls which model for what, hour by hour. Deterministic: a day
 * always yields the same events with the same ids, so that posting it twice changes nothing.
 */

/** One event as `POST /v1/events` takes it. */
export type DemoEvent = Record<string, unknown>;

interface Agent {
  name: string;
  feature: string | null;
  team: string;
  provider: string;
  model: string;
  /** Runs on a working day, all users together. */
  runsPerDay: number;
  steps: [min: number, max: number];
  inputTokens: [min: number, max: number];
  outputTokens: [min: number, max: number];
  /** Share of the input that comes from the prompt cache after the first step of a run. */
  cachedShare: number;
  /** Works nights and weekends too. */
  isBatch?: boolean;
}

const AGENTS: Agent[] = [
  {
    name: "support-triage",
    feature: "support",
    team: "care",
    provider: "openai",
    model: "gpt-5-mini-2025-08-07",
    runsPerDay: 90,
    steps: [1, 3],
    inputTokens: [900, 3_500],
    outputTokens: [120, 500],
    cachedShare: 0.5,
  },
  {
    name: "support-resolver",
    feature: "support",
    team: "care",
    provider: "anthropic",
    model: "claude-sonnet-4-5-20250929",
    runsPerDay: 40,
    steps: [2, 7],
    inputTokens: [4_000, 26_000],
    outputTokens: [200, 1_400],
    cachedShare: 0.8,
  },
  {
    name: "code-reviewer",
    feature: "code-review",
    team: "platform",
    provider: "anthropic",
    model: "claude-sonnet-4-5-20250929",
    runsPerDay: 25,
    steps: [3, 9],
    inputTokens: [9_000, 60_000],
    outputTokens: [400, 2_500],
    cachedShare: 0.85,
  },
  {
    name: "doc-search",
    feature: "search",
    team: "product",
    provider: "google",
    model: "gemini-2.5-flash",
    runsPerDay: 120,
    steps: [1, 2],
    inputTokens: [2_000, 9_000],
    outputTokens: [150, 700],
    cachedShare: 0.3,
  },
  {
    name: "contract-extractor",
    feature: "contracts",
    team: "legal-ops",
    provider: "openai",
    model: "gpt-5-2025-08-07",
    runsPerDay: 18,
    steps: [1, 4],
    inputTokens: [12_000, 45_000],
    outputTokens: [800, 3_000],
    cachedShare: 0.2,
    isBatch: true,
  },
  {
    name: "sales-writer",
    feature: "outreach",
    team: "sales",
    provider: "openai",
    model: "gpt-4.1-2025-04-14",
    runsPerDay: 45,
    steps: [1, 2],
    inputTokens: [1_200, 4_000],
    outputTokens: [300, 900],
    cachedShare: 0.4,
  },
  {
    name: "nightly-classifier",
    feature: null,
    team: "data",
    provider: "ollama",
    model: "llama3.1:8b-instruct-q4_K_M",
    runsPerDay: 20,
    steps: [1, 1],
    inputTokens: [600, 2_400],
    outputTokens: [20, 80],
    cachedShare: 0,
    isBatch: true,
  },
];

const USER_COUNT = 40;
/** Calls an hour over a working day, 0-23 UTC, relative to the busiest hour. */
const HOURS = [
  1, 1, 1, 1, 2, 4, 12, 40, 80, 100, 95, 85, 60, 75, 95, 90, 70, 45, 22, 12, 8, 5, 3, 2,
];

/** A small seeded generator (mulberry32): the same seed, the same company. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function seedOf(text: string): number {
  let hash = 2166136261;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619);
  return hash >>> 0;
}

type Random = () => number;
const between = (random: Random, [min, max]: [number, number]): number =>
  Math.round(min + random() * (max - min));

function pickHour(random: Random, isBatch: boolean): number {
  if (isBatch) return Math.floor(random() * 6);
  let rest = random() * HOURS.reduce((sum, weight) => sum + weight, 0);
  const hour = HOURS.findIndex((weight) => {
    rest -= weight;
    return rest < 0;
  });
  return hour < 0 ? 12 : hour;
}

/** The provider's own usage object, the way its API answers. */
function rawUsageOf(
  agent: Agent,
  tokens: { input: number; cached: number; output: number; reasoning: number },
): Record<string, unknown> {
  if (agent.provider === "anthropic") {
    const body = {
      input_tokens: tokens.input - tokens.cached,
      cache_read_input_tokens: tokens.cached,
      cache_creation_input_tokens: 0,
      output_tokens: tokens.output,
    };
    return { raw_usage: { api: "anthropic.messages", body } };
  }
  if (agent.provider === "google") {
    const body = {
      promptTokenCount: tokens.input,
      cachedContentTokenCount: tokens.cached,
      candidatesTokenCount: tokens.output - tokens.reasoning,
      thoughtsTokenCount: tokens.reasoning,
      totalTokenCount: tokens.input + tokens.output,
    };
    return { raw_usage: { api: "google.generateContent", body } };
  }
  if (agent.provider === "openai") {
    const body = {
      input_tokens: tokens.input,
      input_tokens_details: { cached_tokens: tokens.cached },
      output_tokens: tokens.output,
      output_tokens_details: { reasoning_tokens: tokens.reasoning },
      total_tokens: tokens.input + tokens.output,
    };
    return { raw_usage: { api: "openai.responses", body } };
  }
  return { usage: { input_tokens: tokens.input, output_tokens: tokens.output } };
}

/** One run of an agent: its calls, some of them failed and tried again, in one trace and session. */
function eventsOfRun(agent: Agent, runId: string, startMs: number, random: Random): DemoEvent[] {
  const events: DemoEvent[] = [];
  const traceId = [0, 1, 2, 3].map(() => hex8(random)).join("");
  const user = `user-${String(1 + Math.floor(random() ** 2 * USER_COUNT)).padStart(2, "0")}`;
  const steps = between(random, agent.steps);
  let input = between(random, agent.inputTokens);
  let atMs = startMs;
  for (let step = 0, attempt = 1; step < steps; ) {
    const isFailed = random() < 0.025 && attempt === 1;
    const output = between(random, agent.outputTokens);
    const durationMs = Math.round(400 + output * (5 + random() * 7));
    const tokens = {
      input,
      cached: step === 0 ? 0 : Math.floor(input * agent.cachedShare),
      output,
      reasoning: agent.model.startsWith("gpt-5") ? Math.floor(output * 0.4) : 0,
    };
    events.push({
      id: `${runId}-${step}-${attempt}`,
      timestamp: new Date(atMs).toISOString(),
      provider: agent.provider,
      model: agent.model,
      agent: agent.name,
      ...(agent.feature ? { feature: agent.feature } : {}),
      task: runId,
      task_type: agent.feature ?? "classification",
      user,
      session: `session-${runId}`,
      trace_id: traceId,
      span_id: hex8(random) + hex8(random),
      attempt,
      duration_ms: isFailed ? 120 : durationMs,
      metadata: { team: agent.team, environment: "production" },
      ...(isFailed
        ? { status: "error", error_type: "rate_limit" }
        : {
            time_to_first_token_ms: Math.round(180 + random() * 500),
            ...rawUsageOf(agent, tokens),
          }),
    });
    atMs += durationMs + 250;
    if (isFailed) attempt += 1;
    else {
      step += 1;
      attempt = 1;
      // The next step reads what this one wrote: prompts grow along a run.
      input += output + Math.floor(random() * 400);
    }
  }
  return events;
}

function hex8(random: Random): string {
  return Math.floor(random() * 4294967296)
    .toString(16)
    .padStart(8, "0");
}

/** All events of one UTC day ("2026-11-21"), in order of time. Weekends carry a quarter of the people's work. */
export function eventsOfDay(day: string): DemoEvent[] {
  const midnightMs = Date.parse(`${day}T00:00:00Z`);
  const weekday = new Date(midnightMs).getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  return AGENTS.flatMap((agent) => {
    const random = createRandom(seedOf(`${day}/${agent.name}`));
    const share = isWeekend && !agent.isBatch ? 0.25 : 0.85 + random() * 0.3;
    return Array.from({ length: Math.round(agent.runsPerDay * share) }, (_, index) => {
      const hour = pickHour(random, agent.isBatch ?? false);
      const startMs = midnightMs + hour * 3_600_000 + Math.floor(random() * 3_540_000);
      return eventsOfRun(agent, `demo-${day}-${agent.name}-${index}`, startMs, random);
    }).flat();
  }).sort((a, b) => String(a.timestamp).localeCompare(String(b.timestamp)));
}

/** One run that starts now, for live traffic. */
export function eventsOfLiveRun(sequence: number, nowMs: number): DemoEvent[] {
  const random = createRandom(seedOf(`live/${nowMs}/${sequence}`));
  const people = AGENTS.filter((agent) => !agent.isBatch);
  const agent = people[Math.floor(random() * people.length)];
  if (!agent) return [];
  const events = eventsOfRun(agent, `demo-live-${nowMs}-${sequence}`, nowMs, random);
  // A run takes as long as its calls: what would lie in the future has not happened yet.
  return events.slice(0, 1);
}
