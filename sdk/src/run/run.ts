import type { FemtoUsd } from "../money.ts";
import { formatUsd } from "../money.ts";
import type { TokenPrices } from "../prices/prices.ts";
import { toTraceparent } from "../trace-ids.ts";
import type { RunHandle, Tags } from "../types.ts";
import { type RunLimits, toLimits } from "./run-limits.ts";
import { findReached, leftOf, type RunState, type StopReason } from "./run-state.ts";
import { type Message, truncatePrompt } from "./truncate-prompt.ts";

/** What a run asks of its surroundings. */
export interface RunDeps {
  /** Why its agent is stopped whole; null: it is not. */
  findStop(state: RunState): StopReason | null;
  countTokens(input: unknown, model: string): number;
  pricesOf(model: string): TokenPrices | null | undefined;
  enter<R>(run: Run, work: () => R): R;
}

export interface PromptOptions {
  /** Whose tokens are counted, and whose dollars. */
  model?: string;
  /** Left for the answer, 0 by default. */
  maxOutputTokens?: number;
}

export interface RunSummary {
  tags: Tags;
  traceId: string;
  calls: number;
  toolCalls: number;
  inputTokens: number;
  outputTokens: number;
  /** At most; null: not known, as of some call the tokens or the price are not. */
  usd: string | null;
  seconds: number;
  /** Calls of which nobody said what they used: the sums above are without them. */
  unknownCalls: number;
  limits: RunLimits | null;
  /** Why it may not go on; null: it may. */
  stopReason: StopReason | null;
}

/** A run of an agent, as its code sees it. */
export class Run implements RunHandle {
  readonly state: RunState;
  /** Its calls may use what is kept for the final answer. */
  readonly isFinal: boolean;
  readonly #deps: RunDeps;

  constructor(state: RunState, deps: RunDeps, isFinal = false) {
    this.state = state;
    this.isFinal = isFinal;
    this.#deps = deps;
  }

  get traceId(): string {
    return this.state.traceId;
  }

  get spanId(): string {
    return this.state.spanId;
  }

  /** For what is called from here: it becomes part of the same tree. */
  get headers(): { traceparent: string } {
    return { traceparent: toTraceparent(this.state) };
  }

  /** Why no more calls are made; null: they are. */
  stopReason(): StopReason | null {
    return this.#deps.findStop(this.state) ?? findReached(this.state, this.isFinal);
  }

  /** False once a limit, of this run or one around it, has nothing left but the reserve, and while a switch stops the agent. */
  canContinue(): boolean {
    return this.stopReason() === null;
  }

  /** Whether a prompt, or so many tokens, and the answer to it fit into what is left. */
  promptFits(prompt: unknown, options: PromptOptions = {}): boolean {
    const tokens = typeof prompt === "number" ? prompt : this.#count(prompt, options);
    return this.canContinue() && tokens <= this.#mostTokens(options);
  }

  /** Makes a text or a list of messages short enough for what is left, and leaves it as it is where it fits. */
  truncateToBudget<T extends string | readonly Message[]>(
    prompt: T,
    options: PromptOptions = {},
  ): T {
    const most = this.#mostTokens(options);
    return truncatePrompt(prompt, most, (part) => this.#count(part, options));
  }

  /** What it used up to now, with the runs in it. */
  summary(): RunSummary {
    const { spent, tags, traceId, unpricedCalls, limits, startedAt, unknownCalls } = this.state;
    const { calls, toolCalls, inputTokens, outputTokens } = spent;
    return {
      tags,
      traceId,
      calls,
      toolCalls,
      inputTokens,
      outputTokens,
      usd: unpricedCalls + unknownCalls === 0 ? formatUsd(spent.usd) : null,
      seconds: (performance.now() - startedAt) / 1000,
      unknownCalls,
      limits: limits && toLimits(limits),
      stopReason: this.stopReason(),
    };
  }

  /** Calls `work`, whose calls may use what was kept for the final answer. */
  final<R>(work: (run: Run) => R): R {
    const run = new Run(this.state, this.#deps, true);
    return this.#deps.enter(run, () => work(run));
  }

  #count(prompt: unknown, { model = "" }: PromptOptions): number {
    return this.#deps.countTokens(prompt, model);
  }

  /** Tokens that a prompt may have: what every limit leaves beside the answer. */
  #mostTokens({ model = "", maxOutputTokens = 0 }: PromptOptions): number {
    const prices = model === "" ? null : this.#deps.pricesOf(model);
    let most = Number.POSITIVE_INFINITY;
    for (let run: RunState | null = this.state; run; run = run.parent) {
      if (!run.limits) continue;
      const left = leftOf(run, run.limits, this.isFinal);
      if (left.tokens !== null) most = Math.min(most, left.tokens - maxOutputTokens);
      if (left.usd !== null && prices)
        most = Math.min(most, buy(left.usd, prices, maxOutputTokens));
    }
    return Math.max(0, Math.floor(most));
  }
}

/** Input tokens that so many dollars pay for beside the answer; as many as one likes where a price is not known. */
function buy(usd: FemtoUsd, { input, output }: TokenPrices, outputTokens: number): number {
  if (input === null || (output === null && outputTokens > 0)) return Number.POSITIVE_INFINITY;
  const left = usd - (output ?? 0n) * BigInt(Math.ceil(outputTokens));
  if (left <= 0n) return 0;
  return input === 0n ? Number.POSITIVE_INFINITY : Number(left / input);
}
