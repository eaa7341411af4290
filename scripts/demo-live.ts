/**
 * The demo's live traffic: agents that call their models and tools through the packed SDK, as a customer's do. Now and
 * then one of them does not stop; its budget for a session stops it, and when it comes back its switch does.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { AGENTS } from "../lib/demo/demo-company";
import { eventsOfLiveRun } from "../lib/demo/demo-fleet";
import type { DemoEvent } from "../lib/demo/demo-run";
import type { AgentHaltedError, Outlay } from "../sdk/src/node";

export interface LiveDemo {
  outlay: Outlay;
  isHalted(error: unknown): error is AgentHaltedError;
  /** Engages the switch of an agent until an instant, as somebody on call does. */
  stopAgent(agent: string, reason: string, until: Date): Promise<void>;
  say(line: string): void;
  signal: AbortSignal;
}

/** A run takes a quarter of the time it would really take: there is something to see. */
const SPEED = 4;
const NEXT_RUN_MS = 1_500;
const RUNAWAY = "web-researcher";
const FIRST_RUNAWAY_MS = 10_000;
const BETWEEN_RUNAWAYS_MS = 300_000;
const STOPPED_FOR_MS = 120_000;
/** What the demo's agents let a provider answer at most; a strict budget holds all of it. */
const OUTPUT_CAP = 4_000;
const FAILED_INPUT = 10_000;
/** What starts a stopped agent anew, as many do. */
const RESTART_MS = 3_000;

/** Sends until the signal falls. */
export async function runLive(demo: LiveDemo): Promise<void> {
  const runaways = keepRunningAway(demo);
  const runs = new Set<Promise<void>>();
  for (let sequence = 0; !demo.signal.aborted; sequence += 1) {
    const run: Promise<void> = playRun(demo, eventsOfLiveRun(sequence, Date.now())).finally(() =>
      runs.delete(run),
    );
    runs.add(run);
    await pause(NEXT_RUN_MS, demo.signal);
  }
  await Promise.all([...runs, runaways]);
}

/** Waits, less long where the demo ends. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** Does what the events of a run say, one after the other, each agent's within its own run. */
async function playRun(demo: LiveDemo, events: readonly DemoEvent[]): Promise<void> {
  const root = events.find(({ type, parent_span_id }) => type === "agent" && !parent_span_id);
  if (!root) return;
  try {
    await playAgent(demo, events, root);
  } catch (error) {
    // A stopped agent ends its run; what its budget or switch says is on the screens.
    if (!demo.isHalted(error)) throw error;
  }
}

function playAgent(demo: LiveDemo, events: readonly DemoEvent[], own: DemoEvent): Promise<void> {
  const children = events.filter(({ parent_span_id }) => parent_span_id === own.span_id);
  return demo.outlay.run(tagsOf(own), async () => {
    for (const event of children) {
      if (demo.signal.aborted) return;
      if (event.type === "agent") await playAgent(demo, events, event);
      else if (event.type === "tool") await playTool(demo, event);
      else await playCall(demo, event);
    }
  });
}

async function playTool(demo: LiveDemo, event: DemoEvent): Promise<void> {
  const ms = Number(event.duration_ms) / SPEED;
  await demo.outlay.guard.tool(String(event.name), () => pause(ms, demo.signal));
}

async function playCall(demo: LiveDemo, event: DemoEvent): Promise<void> {
  const call = async ({ model, signal }: { model: string; signal: AbortSignal }) => {
    await sleep(Number(event.duration_ms) / SPEED, undefined, { signal });
    if (event.status === "error") throw failureOf(String(event.error_type));
    return responseOf(event, model);
  };
  const tags = {
    provider: String(event.provider),
    model: String(event.model),
    attempt: Number(event.attempt),
    estimated_usage: { input_tokens: inputOf(event), max_output_tokens: OUTPUT_CAP },
  };
  try {
    await demo.outlay.guard.llm(call, tags);
  } catch (error) {
    // It failed and is tried again: the next event says how that went.
    if (event.status !== "error" || demo.isHalted(error)) throw error;
  }
}

/** What an agent would count before it calls: the whole prompt. */
function inputOf({ raw_usage: raw }: DemoEvent): number {
  const { body = {} } = (raw ?? {}) as { body?: Record<string, number> };
  const cached = body.cache_read_input_tokens ?? 0;
  return (body.input_tokens ?? body.promptTokenCount ?? FAILED_INPUT) + cached;
}

/** As a provider's client throws it. */
function failureOf(type: string): Error {
  const error = new Error(`The demo's provider failed: ${type}`);
  if (type === "timeout") error.name = "APIConnectionTimeoutError";
  return Object.assign(error, type === "rate_limit" ? { status: 429 } : {});
}

/** As a provider answers, with its own usage object. */
function responseOf({ raw_usage: raw, id }: DemoEvent, model: string): object {
  const { api, body } = raw as { api: string; body: object };
  if (api === "anthropic.messages") return { type: "message", id, model, content: [], usage: body };
  if (api === "google.generateContent") {
    return { responseId: id, modelVersion: model, candidates: [], usageMetadata: body };
  }
  return { object: "response", id, model, output: [], usage: body };
}

function tagsOf(event: DemoEvent) {
  const text = (name: string) => (event[name] === undefined ? undefined : String(event[name]));
  return {
    agent: text("agent"),
    task: text("task"),
    task_type: text("task_type"),
    feature: text("feature"),
    user: text("user"),
    session: text("session"),
    metadata: event.metadata as Record<string, string>,
  };
}

async function keepRunningAway(demo: LiveDemo): Promise<void> {
  await pause(FIRST_RUNAWAY_MS, demo.signal);
  while (!demo.signal.aborted) {
    await runAway(demo);
    await pause(BETWEEN_RUNAWAYS_MS, demo.signal);
  }
}

/** Loops in one session until its cap, begins anew in another one, and then somebody pulls the switch. */
async function runAway(demo: LiveDemo): Promise<void> {
  for (let start = 1; !demo.signal.aborted; start += 1) {
    const session = `session-demo-live-runaway-${Date.now()}`;
    const halted = await loop(demo, session);
    if (!halted) return;
    demo.say(`${RUNAWAY} was stopped (${halted.code}): ${halted.reason}`);
    // By its switch: it stays stopped.
    if (halted.code === "kill_switch") return;
    if (start === 2) {
      const reason = "Two sessions in a row ran into their cap";
      await demo.stopAgent(RUNAWAY, reason, new Date(Date.now() + STOPPED_FOR_MS));
      demo.say(`On call stopped ${RUNAWAY} for two minutes: see Controls.`);
    }
    await pause(RESTART_MS, demo.signal);
  }
}

/** Asks the same thing again and again, its prompt growing all the time. @returns what stopped it; null: the demo ended */
async function loop(demo: LiveDemo, session: string): Promise<AgentHaltedError | null> {
  const agent = AGENTS.find(({ name }) => name === RUNAWAY);
  if (!agent) return null;
  const { provider, model } = agent.model;
  const tags = { agent: RUNAWAY, feature: "research", task_type: "research", session };
  try {
    await demo.outlay.run({ ...tags, task: session, user: "user-017" }, async () => {
      for (let step = 0; !demo.signal.aborted; step += 1) {
        const input = 40_000 + step * 6_000;
        const usage = { input_tokens: input, output_tokens: 700, total_tokens: input + 700 };
        const call = async ({ signal }: { signal: AbortSignal }) => {
          await sleep(400, undefined, { signal });
          return { object: "response", id: `${session}-${step}`, model, output: [], usage };
        };
        const estimate = { input_tokens: input, max_output_tokens: OUTPUT_CAP };
        await demo.outlay.guard.llm(call, { provider, model, estimated_usage: estimate });
      }
    });
    return null;
  } catch (error) {
    if (demo.isHalted(error)) return error;
    throw error;
  }
}
