import type { FemtoUsd } from "@/lib/money";
import type { CostStatus } from "@/lib/prices/price";
import type { SpanFacts, SpanTags } from "@/lib/traces/span-facts";
import type { NODE_KINDS } from "@/lib/traces/trace-schemas";

export type NodeKind = (typeof NODE_KINDS)[number];

/** All input with what was cached, all output with what was reasoned. */
export interface StepTokens {
  input: number;
  cache_read: number;
  cache_write: number;
  output: number;
  reasoning: number;
}

/** One event of the ledger, as a tree needs it. Text that was not sent is "". Times in microseconds since 1970. */
export interface LedgerRow {
  id: string;
  startUs: number;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  type: NodeKind;
  name: string;
  agent: string;
  provider: string;
  model: string;
  requestedModel: string;
  status: "ok" | "error";
  errorType: string;
  /** 0: not sent. */
  attempt: number;
  durationMs: number | null;
  timeToFirstTokenMs: number | null;
  promptHash: string;
  /** False: it adds up to nothing (it was voided, or repeats another one). */
  counted: boolean;
  /** Id of the event that counts instead; "" for none. */
  linkedId: string;
  /** null: it reported none. */
  tokens: StepTokens | null;
  /** null: unknown. */
  costFemto: FemtoUsd | null;
  costStatus: CostStatus;
  costReason: string;
  /** Femto-dollars for a million tokens of plain input; null: its price has no such line. */
  inputRateFemto: FemtoUsd | null;
  /** Of its cached input, read and written: what it would have cost more at the price of plain input. null: unknown, or none. */
  cacheSavingFemto: FemtoUsd | null;
}

/** What a tree needs of a span's facts. */
export type TreeSpan = Pick<
  SpanFacts,
  | "traceId"
  | "spanId"
  | "parentSpanId"
  | "name"
  | "kind"
  | "startUs"
  | "endUs"
  | "status"
  | "errorType"
> & { tags: Pick<SpanTags, "agent" | "session"> };

/** Sums of a step and all below it. */
export interface StepTotals {
  /** What is known of the cost. */
  costFemto: FemtoUsd;
  /** Counted events without a known cost. */
  unpriced: number;
  /** Counted events of which only a part has a price. */
  partial: number;
  calls: number;
  steps: number;
  errors: number;
  inputTokens: number;
  outputTokens: number;
}

/** A node of the tree while it is made: an event, a span, or both. */
export interface Step {
  /** Unique, and the same whatever else is in the tree. */
  id: string;
  kind: NodeKind;
  name: string;
  /** Its own; after `placeSteps` that of the nearest step above where it names none. "" for none. */
  agent: string;
  traceId: string;
  spanId: string;
  startUs: number;
  /** null: not known. */
  endUs: number | null;
  status: "ok" | "error";
  errorType: string;
  row: LedgerRow | null;
  parent: Step | null;
  children: Step[];
  depth: number;
  isOrphan: boolean;
  repeatCount: number;
  totals: StepTotals;
}

/** The sums of nothing. */
export function noTotals(): StepTotals {
  return {
    costFemto: 0n,
    unpriced: 0,
    partial: 0,
    calls: 0,
    steps: 0,
    errors: 0,
    inputTokens: 0,
    outputTokens: 0,
  };
}

/** Adds sums to others, which are changed. */
export function addTotals(into: StepTotals, more: StepTotals): void {
  into.costFemto += more.costFemto;
  into.unpriced += more.unpriced;
  into.partial += more.partial;
  into.calls += more.calls;
  into.steps += more.steps;
  into.errors += more.errors;
  into.inputTokens += more.inputTokens;
  into.outputTokens += more.outputTokens;
}

/** What a step adds to a sum by itself: its event, where that counts. */
export function ownTotals({ row }: Step): StepTotals {
  if (!row?.counted) return noTotals();
  const isCall = row.type === "llm";
  return {
    costFemto: row.costFemto ?? 0n,
    unpriced: row.costFemto === null ? 1 : 0,
    partial: row.costStatus === "partial" ? 1 : 0,
    calls: isCall ? 1 : 0,
    steps: 1,
    errors: isCall && row.status === "error" ? 1 : 0,
    inputTokens: row.tokens?.input ?? 0,
    outputTokens: row.tokens?.output ?? 0,
  };
}

/** The order of time; of one instant by id, so that it does not depend on what came first. */
export function byTime(one: Step, two: Step): number {
  return one.startUs - two.startUs || byText(one.id, two.id);
}

export function byText(one: string, two: string): number {
  return one < two ? -1 : one > two ? 1 : 0;
}
