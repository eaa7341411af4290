import { byteLength } from "./byte-length.ts";
import { type Core, startCore } from "./core.ts";
import { errorTypeOf } from "./error-type.ts";
import { estimateTokens } from "./estimate.ts";
import type { GuardDeps } from "./guard/guard-deps.ts";
import { guardLlm } from "./guard/guard-llm.ts";
import { guardTool } from "./guard/guard-tool.ts";
import { type OutlayOptions, readOptions, type Settings } from "./options.ts";
import { type Outcome, toOutcomeFields } from "./outcome.ts";
import type { Carrier, Platform } from "./platform/platform.ts";
import { findSwitch, haltOfSwitch } from "./policy/match-switch.ts";
import { responseReader } from "./providers/response-reader.ts";
import { beginRun, nameOfRun, type RunOptions } from "./run/begin-run.ts";
import { Run, type RunDeps } from "./run/run.ts";
import type { RunState } from "./run/run-state.ts";
import type { OutlayStatus } from "./status.ts";
import { randomHex } from "./trace-ids.ts";
import type { LlmGuard, RunHandle, ToolContext, ToolTags } from "./types.ts";
import { makeWrappers, type Wrappers } from "./wrap/wrappers.ts";

/** Guards the calls of a process. */
export interface Guard extends LlmGuard {
  /**
   * Checks, executes and records one execution of a tool.
   * @throws AgentHaltedError where it may not be executed or was stopped; else what `call` throws
   */
  tool<T>(
    name: string,
    call: (context: ToolContext) => T | PromiseLike<T>,
    tags?: ToolTags,
  ): Promise<Awaited<T>>;
}

/** The guard inside an agent's process. */
export interface Outlay extends Wrappers {
  guard: Guard;
  /**
   * Runs `work` as a run of an agent: its calls carry the run's tags, draw on its limits and are a part of its tree.
   * @throws what `work` does; TypeError for a limit that is none
   */
  run<R>(options: RunOptions, work: (run: Run) => R): Promise<Awaited<R>>;
  /** The run around this code; null: none, or there is no `AsyncLocalStorage`. */
  currentRun(): Run | null;
  /** `traceparent` of the run around this code, for what is called from here; nothing outside of runs. */
  traceHeaders(): Record<string, string>;
  /** Tells how a task ended. */
  outcome(outcome: Outcome): void;
  status(): OutlayStatus;
  /** Sends what is queued; returns when it is sent, or after 5 s. */
  flush(withinMs?: number): Promise<void>;
  /** The same, and ends all that goes on in the background. */
  close(withinMs?: number): Promise<void>;
}

const FLUSH_MS = 5_000;

/**
 * Makes a guard. On Node it begins at once to follow the policy; on edge runtimes with its first call.
 * @throws TypeError for a wrong option
 */
export function createOutlay(options: OutlayOptions, platform: Platform): Outlay {
  const own = new ProcessGuard(readOptions(options, platform.setting), platform);
  return Object.assign(own, makeWrappers(own));
}

class ProcessGuard implements Omit<Outlay, keyof Wrappers> {
  readonly guard: Guard;
  readonly #settings: Settings;
  readonly #platform: Platform;
  readonly #carrier: Carrier<Run> | null;
  #started: { core: Core; deps: GuardDeps; runs: RunDeps } | null = null;
  #state: { name: OutlayStatus["policy"]["state"]; since: number } | null = null;

  constructor(settings: Settings, platform: Platform) {
    this.#settings = settings;
    this.#platform = platform;
    this.#carrier = platform.makeCarrier<Run>();
    this.guard = {
      llm: (call, tags, reader = responseReader) => guardLlm(call, tags, reader, this.#deps()),
      tool: (name, call, tags = {}) => guardTool(name, call, tags, this.#deps()),
    };
    if (platform.mayBeginAtOnce) this.#start();
  }

  async run<R>(options: RunOptions, work: (run: Run) => R): Promise<Awaited<R>> {
    const { deps, runs } = this.#start();
    const state = beginRun(options, deps.findRun(options.run), deps.tags);
    deps.heartbeats.see(state.policyTags.agent);
    const run = new Run(state, runs);
    const startedAt = Date.now();
    let failed: unknown = null;
    try {
      return await runs.enter(run, () => work(run));
    } catch (error) {
      failed = error ?? new Error("The run failed.");
      throw error;
    } finally {
      recordRun(nameOfRun(options, state), state, startedAt, failed, deps);
    }
  }

  currentRun(): Run | null {
    return this.#carrier?.get() ?? null;
  }

  traceHeaders(): Record<string, string> {
    return this.currentRun()?.headers ?? {};
  }

  outcome(outcome: Outcome): void {
    const { core, deps } = this.#start();
    if (this.#settings.url === null) return;
    const id = `out-${randomHex(16)}`;
    const fields = toOutcomeFields(outcome, this.currentRun()?.state.tags ?? deps.tags, id);
    const text = JSON.stringify(fields);
    core.outcomes.push({ id: String(fields.id), sequence: 0, text, bytes: byteLength(text) });
  }

  status(): OutlayStatus {
    const { core, deps } = this.#start();
    const { follower, unasked, heartbeats, active } = deps;
    const at = follower.confirmedAt();
    const { agents, lastError } = heartbeats.status();
    return {
      instanceId: core.instanceId,
      policy: {
        ...this.#policyState(deps),
        version: follower.policy?.version ?? null,
        confirmedAt: at === null ? null : new Date(at).toISOString(),
        letThrough: unasked.letThrough,
        refused: unasked.refused,
        lastError: follower.lastError() ?? unasked.lastError,
      },
      activeCalls: active.count(),
      events: core.events.status(),
      outcomes: core.outcomes.status(),
      spooled: core.spooled(),
      agents,
      heartbeatError: lastError,
      faults: core.faults.count,
      lastFault: core.faults.last,
    };
  }

  async flush(withinMs = FLUSH_MS): Promise<void> {
    await this.#started?.core.flush(withinMs);
  }

  async close(withinMs = FLUSH_MS): Promise<void> {
    await this.#started?.core.close(withinMs);
  }

  #deps(): GuardDeps {
    return this.#start().deps;
  }

  #start(): { core: Core; deps: GuardDeps; runs: RunDeps } {
    if (this.#started) return this.#started;
    const core = startCore(this.#settings, this.#platform);
    const findRun = (given: RunHandle | undefined): Run | null =>
      given instanceof Run ? given : this.currentRun();
    const deps: GuardDeps = { ...core.deps, findRun };
    this.#started = { core, deps, runs: makeRunDeps(deps, this.#carrier) };
    return this.#started;
  }

  #policyState(deps: GuardDeps): { state: OutlayStatus["policy"]["state"]; since: string } {
    const name = this.#settings.url === null ? "disabled" : nameState(deps);
    if (this.#state?.name !== name) this.#state = { name, since: Date.now() };
    return { state: name, since: new Date(this.#state.since).toISOString() };
  }
}

function nameState({ follower, failMode }: GuardDeps): OutlayStatus["policy"]["state"] {
  const state = follower.state();
  if (state !== "failed") return state;
  const mode = failMode ?? follower.policy?.failMode ?? "open";
  return mode === "open" ? "failed_open" : "failed_closed";
}

function makeRunDeps(deps: GuardDeps, carrier: Carrier<Run> | null): RunDeps {
  const { follower, prices, countTokens } = deps;
  return {
    findStop({ policyTags }: RunState) {
      const switches = follower.policy?.switches ?? [];
      const found = findSwitch(switches, policyTags, follower.serverNow());
      return found && { code: "kill_switch", message: haltOfSwitch(found).reason };
    },
    countTokens: (input, model) => estimateTokens(input, model, countTokens),
    pricesOf: (model) => prices.peek(null, model),
    enter: (run, work) => (carrier ? carrier.run(run, work) : work()),
  };
}

function recordRun(
  name: string | undefined,
  { tags, traceId, spanId, parentSpanId, startedAt: begunAt }: RunState,
  startedAt: number,
  failed: unknown,
  { recorder }: GuardDeps,
): void {
  const { agent, task, task_type, feature, user, session, metadata } = tags;
  recorder.record({
    type: "agent",
    timestamp: new Date(startedAt).toISOString(),
    ...{ agent, task, task_type, feature, user, session, metadata, name },
    trace_id: traceId,
    span_id: spanId,
    parent_span_id: parentSpanId ?? undefined,
    duration_ms: performance.now() - begunAt,
    status: failed === null ? "ok" : "error",
    error_type: failed === null ? undefined : errorTypeOf(failed),
  });
}
