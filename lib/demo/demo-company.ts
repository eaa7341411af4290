/** The demo's company: who works for whom, with which model, and how much. */

/** How the provider's API names its usage. */
export type UsageApi = "openai.responses" | "anthropic.messages" | "google.generateContent";

export interface DemoModel {
  provider: string;
  model: string;
  api: UsageApi;
  /** Share of the output that is reasoning. */
  reasoningShare?: number;
}

export const MODELS = {
  gpt5: {
    provider: "openai",
    model: "gpt-5-2025-08-07",
    api: "openai.responses",
    reasoningShare: 0.45,
  },
  gpt5Mini: {
    provider: "openai",
    model: "gpt-5-mini-2025-08-07",
    api: "openai.responses",
    reasoningShare: 0.3,
  },
  /** Fine-tuned for this company, so no price list knows it: its calls are unpriced until somebody says what it costs. */
  notes: {
    provider: "openai",
    model: "ft:gpt-4.1-mini-2025-04-14:acme:notes:C1a2B3c4",
    api: "openai.responses",
  },
  sonnet: {
    provider: "anthropic",
    model: "claude-sonnet-4-5-20250929",
    api: "anthropic.messages",
  },
  haiku: {
    provider: "anthropic",
    model: "claude-haiku-4-5-20251001",
    api: "anthropic.messages",
  },
  flash: {
    provider: "google",
    model: "gemini-2.5-flash",
    api: "google.generateContent",
    reasoningShare: 0.2,
  },
} as const satisfies Record<string, DemoModel>;

export interface DemoAgent {
  name: string;
  /** null: nobody tagged it. */
  feature: string | null;
  team: string;
  model: DemoModel;
  /** Runs on a working day, all users together. */
  runsPerDay: number;
  steps: readonly [min: number, max: number];
  inputTokens: readonly [min: number, max: number];
  outputTokens: readonly [min: number, max: number];
  /** Share of the input that comes from the prompt cache after the first step of a run. */
  cachedShare: number;
  /** Works nights and weekends too, without a user. */
  isBatch?: boolean;
  /** Another agent that half of its runs hand a part of the work to. */
  helper?: string;
  /** The tool it uses between two steps. */
  tool?: string;
}

/** Agents that have runs of their own. */
export const AGENTS: readonly DemoAgent[] = [
  {
    name: "support-triage",
    feature: "support",
    team: "care",
    model: MODELS.gpt5Mini,
    runsPerDay: 100,
    steps: [1, 3],
    inputTokens: [900, 3_500],
    outputTokens: [120, 500],
    cachedShare: 0.5,
  },
  {
    name: "support-resolver",
    feature: "support",
    team: "care",
    model: MODELS.haiku,
    runsPerDay: 40,
    steps: [2, 7],
    inputTokens: [4_000, 26_000],
    outputTokens: [200, 1_400],
    cachedShare: 0.8,
    helper: "refund-checker",
    tool: "orders.search",
  },
  {
    name: "code-reviewer",
    feature: "code-review",
    team: "platform",
    model: MODELS.sonnet,
    runsPerDay: 30,
    steps: [3, 9],
    inputTokens: [9_000, 60_000],
    outputTokens: [400, 2_500],
    cachedShare: 0.85,
    helper: "test-writer",
    tool: "git.diff",
  },
  {
    name: "doc-search",
    feature: "search",
    team: "product",
    model: MODELS.flash,
    runsPerDay: 110,
    steps: [1, 2],
    inputTokens: [2_000, 9_000],
    outputTokens: [150, 700],
    cachedShare: 0.3,
  },
  {
    name: "web-researcher",
    feature: "research",
    team: "strategy",
    model: MODELS.gpt5,
    runsPerDay: 16,
    steps: [4, 12],
    inputTokens: [5_000, 20_000],
    outputTokens: [500, 2_000],
    cachedShare: 0.6,
    helper: "report-writer",
    tool: "web.fetch",
  },
  {
    name: "contract-extractor",
    feature: "contracts",
    team: "legal-ops",
    model: MODELS.gpt5,
    runsPerDay: 22,
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
    model: MODELS.gpt5Mini,
    runsPerDay: 60,
    steps: [1, 2],
    inputTokens: [1_200, 4_000],
    outputTokens: [300, 900],
    cachedShare: 0.4,
  },
  {
    name: "meeting-notes",
    feature: "meetings",
    team: "operations",
    model: MODELS.notes,
    runsPerDay: 25,
    steps: [1, 2],
    inputTokens: [6_000, 18_000],
    outputTokens: [400, 1_200],
    cachedShare: 0,
  },
  {
    name: "onboarding-guide",
    feature: "onboarding",
    team: "product",
    model: MODELS.haiku,
    runsPerDay: 30,
    steps: [2, 6],
    inputTokens: [1_500, 6_000],
    outputTokens: [150, 600],
    cachedShare: 0.7,
  },
  {
    name: "nightly-classifier",
    feature: null,
    team: "data",
    model: MODELS.flash,
    runsPerDay: 40,
    steps: [1, 1],
    inputTokens: [600, 2_400],
    outputTokens: [20, 80],
    cachedShare: 0,
    isBatch: true,
  },
];

/** Agents that work for others only. */
export const HELPERS: readonly DemoAgent[] = [
  {
    name: "refund-checker",
    feature: "support",
    team: "care",
    model: MODELS.gpt5Mini,
    runsPerDay: 0,
    steps: [1, 2],
    inputTokens: [1_500, 4_000],
    outputTokens: [80, 300],
    cachedShare: 0.5,
  },
  {
    name: "test-writer",
    feature: "code-review",
    team: "platform",
    model: MODELS.sonnet,
    runsPerDay: 0,
    steps: [2, 4],
    inputTokens: [6_000, 30_000],
    outputTokens: [900, 3_000],
    cachedShare: 0.8,
  },
  {
    name: "report-writer",
    feature: "research",
    team: "strategy",
    model: MODELS.sonnet,
    runsPerDay: 0,
    steps: [1, 3],
    inputTokens: [8_000, 25_000],
    outputTokens: [1_200, 3_500],
    cachedShare: 0.4,
  },
];

export const USER_COUNT = 200;

/** Calls an hour over a working day, 0-23 UTC, relative to the busiest hour. */
export const HOURS = [
  1, 1, 1, 1, 2, 4, 12, 40, 80, 100, 95, 85, 60, 75, 95, 90, 70, 45, 22, 12, 8, 5, 3, 2,
] as const;

/** An agent as it works on one day of the month: what changes comes back every month, so that any 30 days show it. */
export function agentOnDay(agent: DemoAgent, day: string): DemoAgent {
  const dayOfMonth = Number(day.slice(8, 10));
  if (agent.name === "support-resolver") {
    // Tried with the larger model in the first third of a month, and moved back for its price.
    return dayOfMonth <= MODEL_CHANGE_DAY ? { ...agent, model: MODELS.sonnet } : agent;
  }
  if (agent.name === "doc-search") {
    // More and more is put into its prompt, until somebody cleans up.
    const growth = 1 + dayOfMonth / 20;
    const [min, max] = agent.inputTokens;
    return { ...agent, inputTokens: [Math.round(min * growth), Math.round(max * growth)] };
  }
  return agent;
}

/** The last day of a month that runs on the larger model. */
const MODEL_CHANGE_DAY = 11;

/** The day of the month on which an agent asks itself the same thing for two hours. */
export const RUNAWAY_DAY = 17;
