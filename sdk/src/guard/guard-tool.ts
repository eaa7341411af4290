import { cleanText } from "../clean-text.ts";
import { errorTypeOf } from "../error-type.ts";
import { parseUsd } from "../money.ts";
import { keepHold } from "../reservations/keep-hold.ts";
import { mergeTags, toPolicyTags } from "../tags.ts";
import { randomHex, toTraceparent } from "../trace-ids.ts";
import type { ErrorType, ToolContext, ToolTags } from "../types.ts";
import type { ActiveCall } from "./active-calls.ts";
import { type Admission, admitCall } from "./admit-call.ts";
import type { AskedCall } from "./asked-call.ts";
import { callEvent } from "./call-event.ts";
import { countCall } from "./end-call.ts";
import type { GuardDeps } from "./guard-deps.ts";

/**
 * Guards one execution of a tool.
 * @throws AgentHaltedError where it may not be executed or was stopped; else what `call` throws
 */
export async function guardTool<T>(
  name: string,
  call: (context: ToolContext) => T | PromiseLike<T>,
  given: ToolTags,
  deps: GuardDeps,
): Promise<Awaited<T>> {
  const asked = askTool(given, deps);
  const active = deps.active.begin(asked.policyTags, given.signal);
  let admission: Admission;
  try {
    active.throwIfStopped();
    deps.heartbeats.see(asked.policyTags.agent);
    const admitted = admitCall(asked, active, deps);
    admission = admitted instanceof Promise ? await admitted : admitted;
    active.throwIfStopped();
  } catch (error) {
    active.end();
    throw error;
  }
  return execute(name, call, { asked, given, active, admission }, deps);
}

async function execute<T>(
  name: string,
  call: (context: ToolContext) => T | PromiseLike<T>,
  {
    asked,
    given,
    active,
    admission,
  }: {
    asked: AskedCall;
    given: ToolTags;
    active: ActiveCall;
    admission: Admission;
  },
  deps: GuardDeps,
): Promise<Awaited<T>> {
  const { reservationId, expiresAtMs, policy } = admission;
  const counted = countCall(asked, policy, deps);
  const stopHold =
    reservationId !== null && expiresAtMs !== null
      ? keepHold(reservationId, expiresAtMs, deps.hold, (error) => active.halt(error))
      : () => undefined;
  const startedAt = Date.now();
  const begunAt = performance.now();
  let cost: string | null = null;
  let failed: ErrorType | null = null;
  try {
    return await call({
      get signal() {
        return active.signal;
      },
      headers: { traceparent: toTraceparent(asked) },
      reservationId,
      reportCost(usd) {
        const femtoUsd = parseUsd(usd);
        if (femtoUsd === null || femtoUsd < 0n) {
          throw new TypeError('reportCost takes a decimal string of US dollars such as "0.05".');
        }
        cost = usd;
      },
    });
  } catch (error) {
    failed = active.error() ? "cancelled" : errorTypeOf(error);
    throw active.error() ?? error;
  } finally {
    stopHold();
    active.end();
    const durationMs = performance.now() - begunAt;
    const event = callEvent(asked, startedAt, durationMs, reservationId);
    event.name = cleanText(name);
    event.attempt = given.attempt;
    event.status = failed === null ? "ok" : "error";
    event.error_type = failed ?? undefined;
    event.reported_cost_usd = cost ?? undefined;
    const sequence = deps.recorder.record(event);
    const usd = cost === null ? null : parseUsd(cost);
    counted.end({ counts: null, usd, seconds: durationMs / 1000, sequence });
  }
}

function askTool(given: ToolTags, deps: GuardDeps): AskedCall {
  const run = deps.findRun(given.run);
  const tags = mergeTags(given, run?.state.tags ?? deps.tags);
  const traceId = run?.traceId ?? randomHex(16);
  const usd = (given.estimated_cost_usd && parseUsd(given.estimated_cost_usd)) || 0n;
  return {
    type: "tool",
    run,
    tags,
    policyTags: toPolicyTags(tags, traceId, ""),
    traceId,
    spanId: randomHex(8),
    parentSpanId: run?.spanId ?? null,
    provider: null,
    model: "",
    signal: given.signal,
    expect: () => ({ calls: 0, toolCalls: 1, inputTokens: 0, outputTokens: 0, usd, inputUsd: usd }),
    wish: () => ({ estimated_cost_usd: given.estimated_cost_usd }),
  };
}
