import { createOutlay as create, type Outlay } from "./create-outlay.ts";
import { makeDefault } from "./make-default.ts";
import type { OutlayOptions } from "./options.ts";
import { nodePlatform } from "./platform/node-platform.ts";

/**
 * Makes the guard of this process.
 * @throws TypeError for a wrong option
 */
export function createOutlay(options: OutlayOptions = {}): Outlay {
  return create(options, nodePlatform);
}

/** One that is made from the environment when it is first used. */
export const outlay: Outlay = /* @__PURE__ */ makeDefault(createOutlay);
export const guard = /* @__PURE__ */ (() => outlay.guard)();

export type { Guard, Outlay } from "./create-outlay.ts";
export { AgentHaltedError, type Halt, type HaltCode } from "./halted-error.ts";
export type { OutlayOptions } from "./options.ts";
export type { Outcome } from "./outcome.ts";
export type { RunOptions } from "./run/begin-run.ts";
export type { PromptOptions, Run, RunSummary } from "./run/run.ts";
export type { RunLimits } from "./run/run-limits.ts";
export type { StopReason } from "./run/run-state.ts";
export type { OutlayStatus } from "./status.ts";
export type * from "./types.ts";
export type { AiSdkMiddleware, MiddlewareOptions } from "./wrap/ai-sdk-middleware.ts";
export type { Wrappers } from "./wrap/wrappers.ts";
