import { type DemoAgent, type DemoModel, HELPERS, USER_COUNT } from "@/lib/demo/demo-company";
import { between, hex, type Random } from "@/lib/demo/seeded-random";

/** One event as `POST /v1/events` takes it. */
export type DemoEvent = Record<string, unknown> & { timestamp: string };

/** What all events of a run share. */
interface Run {
  id: string;
  user: string | null;
  traceId: string;
  random: Random;
  events: DemoEvent[];
}

const FAILURES = ["rate_limit", "rate_limit", "timeout", "unknown"] as const;
/** A call in forty fails and is tried again. */
const FAILED_SHARE = 0.025;

/**
 * One run of an agent, in one trace and session: its own span, its calls under it, a tool between them, and in half of
 * the runs another agent that it hands work to. Some calls fail and are tried again.
 * @returns its events in order of time, the last one's end in ms since 1970 beside them.
 */
export function eventsOfRun(
  agent: DemoAgent,
  id: string,
  startMs: number,
  random: Random,
): { events: DemoEvent[]; endMs: number } {
  const run: Run = {
    id,
    user: agent.isBatch ? null : pickUser(random),
    traceId: hex(random, 32),
    random,
    events: [],
  };
  const endMs = workOf(run, agent, startMs, null, 0);
  return { events: run.events.sort(byTime), endMs };
}

/** An agent that does not stop: one session, a call every few seconds for two hours, its prompt growing all the time. */
export function eventsOfRunaway(
  agent: DemoAgent,
  id: string,
  startMs: number,
  random: Random,
): DemoEvent[] {
  const run: Run = { id, user: pickUser(random), traceId: hex(random, 32), random, events: [] };
  const span = hex(random, 16);
  // Each prompt begins with the time: nothing of it is ever found in the cache.
  const uncached = { ...agent, cachedShare: 0 };
  let atMs = startMs;
  for (let step = 0; step < 520; step += 1) {
    const tokens = { input: 14_000 + step * 620, output: between(random, [300, 900]) };
    atMs = pushCall(run, uncached, {
      step,
      attempt: 1,
      atMs,
      parent: span,
      tokens,
      isFailed: false,
    });
  }
  pushSpan(run, agent, { span, parent: null, startMs, endMs: atMs });
  return run.events.sort(byTime);
}

/** Few do much: the square of chance is near 0 more often than near 1. */
function pickUser(random: Random): string {
  return `user-${String(1 + Math.floor(random() ** 2 * USER_COUNT)).padStart(3, "0")}`;
}

function workOf(
  run: Run,
  agent: DemoAgent,
  startMs: number,
  parent: string | null,
  depth: number,
): number {
  const { random } = run;
  const span = hex(random, 16);
  const steps = between(random, agent.steps);
  const helper = HELPERS.find(({ name }) => name === agent.helper);
  const handsOver = helper !== undefined && depth === 0 && random() < 0.5;
  const handOverAt = Math.max(1, Math.floor(steps / 2));
  let input = between(random, agent.inputTokens);
  let atMs = startMs + 20;
  for (let step = 0, attempt = 1; step < steps; ) {
    const isFailed = attempt === 1 && random() < FAILED_SHARE;
    const output = between(random, agent.outputTokens);
    const tokens = { input, output };
    atMs = pushCall(run, agent, { step, attempt, atMs, parent: span, tokens, isFailed });
    if (isFailed) {
      attempt += 1;
      continue;
    }
    if (agent.tool && step + 1 < steps) atMs = pushTool(run, agent, { step, atMs, parent: span });
    step += 1;
    attempt = 1;
    if (handsOver && step === handOverAt) atMs = workOf(run, helper, atMs, span, depth + 1);
    // The next step reads what this one wrote: prompts grow along a run.
    input += output + Math.floor(random() * 400);
  }
  pushSpan(run, agent, { span, parent, startMs, endMs: atMs });
  return atMs;
}

interface Call {
  step: number;
  attempt: number;
  atMs: number;
  parent: string;
  tokens: { input: number; output: number };
  isFailed: boolean;
}

/** @returns when the next thing can begin. */
function pushCall(run: Run, agent: DemoAgent, call: Call): number {
  const { random } = run;
  const { input, output } = call.tokens;
  const durationMs = Math.round(400 + output * (5 + random() * 7));
  const errorType = FAILURES[Math.floor(random() * FAILURES.length)] ?? "unknown";
  const firstTokenMs = Math.round(180 + random() * 500 + input / 100);
  run.events.push({
    ...tagsOf(run, agent, call.atMs),
    id: `${run.id}-${agent.name}-${call.step}-${call.attempt}`,
    provider: agent.model.provider,
    model: agent.model.model,
    span_id: hex(random, 16),
    parent_span_id: call.parent,
    attempt: call.attempt,
    ...(call.isFailed
      ? { status: "error", error_type: errorType, duration_ms: 120 }
      : {
          duration_ms: durationMs + firstTokenMs,
          time_to_first_token_ms: firstTokenMs,
          raw_usage: rawUsageOf(agent.model, {
            input,
            cached: call.step === 0 ? 0 : Math.floor(input * agent.cachedShare),
            output,
          }),
        }),
  });
  return call.atMs + (call.isFailed ? 1_200 : durationMs + firstTokenMs + 250);
}

function pushTool(run: Run, agent: DemoAgent, at: Pick<Call, "step" | "atMs" | "parent">): number {
  const durationMs = between(run.random, [80, 1_800]);
  run.events.push({
    ...tagsOf(run, agent, at.atMs),
    id: `${run.id}-${agent.name}-${at.step}-tool`,
    type: "tool",
    name: agent.tool,
    span_id: hex(run.random, 16),
    parent_span_id: at.parent,
    duration_ms: durationMs,
  });
  return at.atMs + durationMs + 40;
}

function pushSpan(
  run: Run,
  agent: DemoAgent,
  at: { span: string; parent: string | null; startMs: number; endMs: number },
): void {
  run.events.push({
    ...tagsOf(run, agent, at.startMs),
    id: `${run.id}-${agent.name}`,
    type: "agent",
    name: agent.name,
    span_id: at.span,
    ...(at.parent === null ? {} : { parent_span_id: at.parent }),
    duration_ms: at.endMs - at.startMs,
  });
}

function tagsOf(run: Run, agent: DemoAgent, atMs: number) {
  return {
    timestamp: new Date(atMs).toISOString(),
    agent: agent.name,
    ...(agent.feature ? { feature: agent.feature } : {}),
    task: run.id,
    task_type: agent.feature ?? "classification",
    ...(run.user ? { user: run.user } : {}),
    session: `session-${run.id}`,
    trace_id: run.traceId,
    metadata: { team: agent.team, environment: "production" },
  };
}

/** The provider's own usage object, the way its API answers. */
function rawUsageOf(
  { api, reasoningShare = 0 }: DemoModel,
  { input, cached, output }: { input: number; cached: number; output: number },
): Record<string, unknown> {
  const reasoning = Math.floor(output * reasoningShare);
  if (api === "anthropic.messages") {
    return {
      api,
      body: {
        input_tokens: input - cached,
        cache_read_input_tokens: cached,
        cache_creation_input_tokens: 0,
        output_tokens: output,
      },
    };
  }
  if (api === "google.generateContent") {
    return {
      api,
      body: {
        promptTokenCount: input,
        cachedContentTokenCount: cached,
        candidatesTokenCount: output - reasoning,
        thoughtsTokenCount: reasoning,
        totalTokenCount: input + output,
      },
    };
  }
  return {
    api,
    body: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: reasoning },
      total_tokens: input + output,
    },
  };
}

const byTime = (one: DemoEvent, two: DemoEvent): number =>
  one.timestamp < two.timestamp ? -1 : one.timestamp > two.timestamp ? 1 : 0;
