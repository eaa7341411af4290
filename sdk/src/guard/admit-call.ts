import type { Api } from "../api.ts";
import { AgentHaltedError } from "../halted-error.ts";
import type { FemtoUsd } from "../money.ts";
import type { PolicyFollower } from "../policy/follow-policy.ts";
import { type Judgement, judgeBudgets } from "../policy/judge-budgets.ts";
import { findSwitch, haltOfSwitch } from "../policy/match-switch.ts";
import type { Policy } from "../policy/policy.ts";
import type { PolicySets } from "../policy/policy-sets.ts";
import type { RecentSpend } from "../policy/recent-spend.ts";
import type { Prices } from "../prices/prices.ts";
import { type Reserved, release, reserve } from "../reservations/reserve.ts";
import { findReached, hasUsdLimit } from "../run/run-state.ts";
import { randomHex } from "../trace-ids.ts";
import type { ActiveCall } from "./active-calls.ts";
import { type AskedCall, LEAST } from "./asked-call.ts";

export interface AdmitDeps {
  api: Api;
  follower: PolicyFollower;
  sets: PolicySets;
  recent: RecentSpend;
  prices: Prices;
  /** Instead of the policy's own. */
  failMode: "open" | "closed" | null;
  /** Counts what is let through and refused as nobody could be asked. */
  unasked: { letThrough: number; refused: number; lastError: string | null };
}

/** A call that may be made. */
export interface Admission {
  reservationId: string | null;
  expiresAtMs: number | null;
  /** The model to call instead; null: the one that was asked for. */
  model: string | null;
  /** By whose budgets it was decided; null: none bind it. */
  policy: Policy | null;
}

const FREE: Admission = { reservationId: null, expiresAtMs: null, model: null, policy: null };

/**
 * Decides whether a call may be made: switches, the run's limits, budgets. Nothing is waited for unless the server has
 * to be asked.
 * @throws AgentHaltedError where it may not
 */
export function admitCall(
  call: AskedCall,
  active: ActiveCall,
  deps: AdmitDeps,
): Admission | Promise<Admission> {
  const waiting = deps.follower.awaited();
  return waiting ? admitAfter(waiting, call, active, deps) : admitBy(call, active, deps);
}

/**
 * Of a run that is limited in dollars, the first call of a model waits for its price: calls that begin before it is known
 * would count as free until they end. null: there is nothing to wait for.
 */
export function priceFirst(
  { type, run, provider, model }: AskedCall,
  { prices }: AdmitDeps,
): Promise<unknown> | null {
  if (type !== "llm" || !run?.state.isLimited || !hasUsdLimit(run.state)) return null;
  return prices.peek(provider, model) === undefined ? prices.load(provider, model) : null;
}

async function admitAfter(
  waiting: Promise<void>,
  call: AskedCall,
  active: ActiveCall,
  deps: AdmitDeps,
): Promise<Admission> {
  await waiting;
  active.throwIfStopped();
  return admitBy(call, active, deps);
}

function admitBy(
  call: AskedCall,
  active: ActiveCall,
  deps: AdmitDeps,
): Admission | Promise<Admission> {
  const { follower, sets } = deps;
  const { policy } = follower;
  if (policy) checkSwitches(call, policy, follower.serverNow());
  checkRun(call);
  if (!policy || follower.state() === "failed") {
    const error = follower.lastError() ?? "There is no policy.";
    return failBy(deps.failMode ?? policy?.failMode ?? "open", error, deps);
  }
  // No budget binds anybody.
  if (policy.budgets.length === 0 && policy.notAsked.length === 0) return FREE;
  const set = sets.find(policy, call.policyTags);
  if (!set) return admitNew(call, active, policy, deps);
  return admitByBudgets(call, active, set.policy, deps);
}

/** Asks for the budgets of these tags first. */
async function admitNew(
  call: AskedCall,
  active: ActiveCall,
  base: Policy,
  deps: AdmitDeps,
): Promise<Admission> {
  const set = await deps.sets.load(base, call.policyTags);
  active.throwIfStopped();
  if (set) return admitByBudgets(call, active, set.policy, deps);
  return failBy(deps.failMode ?? base.failMode, "Budgets could not be asked for.", deps);
}

/** @throws AgentHaltedError where calls fail closed */
function failBy(mode: "open" | "closed", error: string, { unasked }: AdmitDeps): Admission {
  unasked.lastError = error;
  if (mode === "open") {
    unasked.letThrough++;
    return FREE;
  }
  unasked.refused++;
  const reason = `Outlay is out of reach, and calls fail closed: ${error}`;
  throw new AgentHaltedError({ code: "unreachable", reason });
}

function checkSwitches(call: AskedCall, policy: Policy, nowMs: number): void {
  const found = findSwitch(policy.switches, call.policyTags, nowMs);
  if (found) throw new AgentHaltedError(haltOfSwitch(found));
  if (policy.requiredTags.length === 0) return;
  const tags: Readonly<Record<string, string>> = call.policyTags;
  const missing = policy.requiredTags.filter((name) => tags[name] === "");
  if (missing.length === 0) return;
  const reason = `This project requires ${missing.join(", ")} of every call.`;
  throw new AgentHaltedError({ code: "missing_tags", reason });
}

function checkRun({ run, expect }: AskedCall): void {
  if (!run?.state.isLimited) return;
  const { inputTokens, toolCalls, inputUsd } = expect();
  const wanted = { tokens: inputTokens, toolCalls, usd: inputUsd };
  const reached = findReached(run.state, run.isFinal, wanted);
  if (!reached) return;
  const code = reached.code === "no_price" ? "no_price" : "limit_reached";
  throw new AgentHaltedError({ code, reason: reached.message, scope: "run" });
}

function admitByBudgets(
  call: AskedCall,
  active: ActiveCall,
  policy: Policy,
  deps: AdmitDeps,
): Admission | Promise<Admission> {
  const judgement = judge(call, policy, deps);
  if (judgement.kind === "refuse") throw new AgentHaltedError(judgement.halt);
  if (judgement.kind === "ask") return askFor(call, active, policy, deps);
  return { ...FREE, policy };
}

function judge(
  call: AskedCall,
  policy: Policy,
  { recent, prices, follower }: AdmitDeps,
): Judgement {
  return judgeBudgets(policy, {
    least: LEAST[call.type],
    call() {
      const { calls, toolCalls, inputTokens, outputTokens } = call.expect();
      const tokens = inputTokens + outputTokens;
      const amounts = { tokens, calls, tool_calls: toolCalls, seconds: 0 };
      return { ...amounts, usd: usdOf(call, prices) };
    },
    sinceAnswer: (budget) => recent.of(budget),
    nowMs: follower.serverNow(),
  });
}

/** What a call may cost; null: its price is not known. */
function usdOf(call: AskedCall, prices: Prices): FemtoUsd | null {
  if (call.type === "tool") return call.expect().usd;
  const known = prices.peek(call.provider, call.model);
  return known ? call.expect().usd : null;
}

async function askFor(
  call: AskedCall,
  active: ActiveCall,
  policy: Policy,
  deps: AdmitDeps,
): Promise<Admission> {
  const id = `res-${randomHex(16)}`;
  const { agent, task, task_type, feature, user, session } = call.tags;
  const tags = { agent, task, task_type, feature, user, session, trace_id: call.traceId };
  const reserved = await reserve(deps.api, { id, type: call.type, ...tags, ...call.wish() });
  try {
    active.throwIfStopped();
  } catch (error) {
    if (reserved.kind === "held") release(deps.api, id);
    throw error;
  }
  return toAdmission(id, reserved, policy, deps);
}

function toAdmission(id: string, reserved: Reserved, policy: Policy, deps: AdmitDeps): Admission {
  switch (reserved.kind) {
    case "held": {
      const { model, expiresAtMs } = reserved;
      return { reservationId: id, expiresAtMs, model, policy };
    }
    case "unheld":
      deps.unasked.letThrough++;
      return { ...FREE, policy };
    case "refused":
      throw new AgentHaltedError(reserved.halt);
    case "unreachable": {
      const mode = deps.failMode ?? policy.failMode;
      // Somebody may have decided all the same, and the answer was lost.
      if (mode === "closed") release(deps.api, id);
      return { ...failBy(mode, reserved.error, deps), reservationId: id, policy };
    }
  }
}
