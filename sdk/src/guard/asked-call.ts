import type { FemtoUsd } from "../money.ts";
import type { Amounts, PolicyTags } from "../policy/policy.ts";
import type { Run } from "../run/run.ts";
import type { RunUse } from "../run/run-state.ts";
import type { TracePlace } from "../trace-ids.ts";
import type { Tags } from "../types.ts";

/** What a call is expected to use. */
export interface ExpectedUse extends RunUse {
  /** What its input alone costs: nothing that it may still save. */
  inputUsd: FemtoUsd;
}

/** A call that wants to be made. */
export interface AskedCall extends TracePlace {
  type: "llm" | "tool";
  run: Run | null;
  tags: Tags;
  policyTags: PolicyTags;
  parentSpanId: string | null;
  /** null of a tool, and where nobody said. */
  provider: string | null;
  /** Empty: a tool. */
  model: string;
  signal: AbortSignal | null | undefined;
  /** What it is expected to use; made where something depends on it. */
  expect(): ExpectedUse;
  /** The fields of a wish for it beside its tags; made where a reservation is asked for. */
  wish(): Record<string, unknown>;
}

/** What a call counts whatever else it does. */
export const LEAST: Readonly<Record<AskedCall["type"], Amounts>> = {
  llm: { usd: 0n, tokens: 0, calls: 1, tool_calls: 0, seconds: 0 },
  tool: { usd: 0n, tokens: 0, calls: 0, tool_calls: 1, seconds: 0 },
};
