import { cleanText } from "../clean-text.ts";
import { mergeTags, toPolicyTags } from "../tags.ts";
import { randomHex, readTraceparent } from "../trace-ids.ts";
import type { RunHandle, Tags } from "../types.ts";
import type { Run } from "./run.ts";
import { checkLimits, type RunLimits } from "./run-limits.ts";
import { noUse, type RunState } from "./run-state.ts";

/** What a run says of itself. A tag that is left out is that of the run around it, else the guard's. */
export interface RunOptions extends Tags {
  /** In the tree of traces; else its agent. */
  name?: string | undefined;
  limits?: RunLimits | undefined;
  /** W3C: what asked for this run, in another service. */
  traceparent?: string | null | undefined;
  /** Where there is no `AsyncLocalStorage`: the run around it. */
  run?: RunHandle | undefined;
}

/**
 * Begins a run within the one around it, whose limits it draws on and of whose tree it is a part.
 * @throws TypeError for a limit that is none
 */
export function beginRun(options: RunOptions, around: Run | null, guardTags: Tags): RunState {
  const parent = around?.state ?? null;
  const tags = mergeTags(options, parent?.tags ?? guardTags);
  const place = readTraceparent(options.traceparent) ?? parent;
  const traceId = place?.traceId ?? randomHex(16);
  const limits = checkLimits(options.limits);
  return {
    traceId,
    spanId: randomHex(8),
    parentSpanId: place?.spanId ?? null,
    tags,
    policyTags: toPolicyTags(tags, traceId, ""),
    parent,
    limits,
    isLimited: limits !== null || (parent?.isLimited ?? false),
    startedAt: performance.now(),
    spent: noUse(),
    open: noUse(),
    unknownCalls: 0,
    unpricedCalls: 0,
    unpricedModel: null,
  };
}

/** What the tree calls a run. */
export function nameOfRun(options: RunOptions, { tags }: RunState): string | undefined {
  return cleanText(options.name) ?? tags.agent ?? tags.task_type;
}
