import type { Loop } from "@/lib/traces/mark-repetition";
import type { Step } from "@/lib/traces/tree-step";

/** So many calls in a row. Agents whose tools are not traced ask some dozen times for a task. */
const MIN_CALLS = 50;
/** Nobody read an answer in this time and asked anew. */
const MAX_GAP_US = 10_000_000;
/** A prompt that begins with the time is not always of the same length. */
const SHORTER_BY = 0.01;
const SHORTER_TOKENS = 2;
/** A prompt that more than doubles at once is another one. */
const MAX_GROWTH = 2;
/** The longest answer beside the shortest; what is shorter than a sentence counts as one. */
const MAX_OUTPUT_RATIO = 8;
const FEW_TOKENS = 50;

interface Series {
  calls: Step[];
  leastInput: number;
  mostInput: number;
  leastOutput: number;
  mostOutput: number;
  endUs: number;
}

/**
 * Marks calls that tell nothing of what they asked and look like an agent that goes round: at least 50 of one run, name
 * and model, one right after the other (10 s at the most, as no person and hardly a tool comes in between), with no tool
 * and no agent between them, no prompt shorter than the longest before (by 1 % or 2 tokens) nor more than twice as long,
 * and answers of similar size (the longest within 8 times the shortest). A batch of different questions goes up and down,
 * or runs side by side; one whose questions differ by less than a hundredth is marked all the same, so a mark says what
 * was seen, and not that something repeats. Failed attempts between are passed over.
 *
 * Calls of exactly the same input are left to the rule of the same step.
 * @param runs calls and tools by time (`listRuns`)
 * @param steps all, in the order of the tree
 */
export function markSeries(
  runs: readonly (readonly Step[])[],
  steps: readonly Step[],
  loops: Map<Step, Loop>,
): void {
  const long = runs.filter((run) => run.length >= MIN_CALLS);
  if (long.length === 0) return;
  const agentOf = findAgents(steps);
  const handedOver = listHandOvers(steps, agentOf);
  for (const run of long) {
    const [first] = run;
    if (first) markRun(run, handedOver.get(agentOf.get(first) ?? null) ?? [], loops);
  }
}

function markRun(run: readonly Step[], handedOver: readonly number[], loops: Map<Step, Loop>) {
  let series: Series | null = null;
  let next = 0;
  for (const step of run) {
    const sinceUs = series?.endUs ?? step.startUs;
    while (next < handedOver.length && (handedOver[next] ?? 0) < sinceUs) next += 1;
    const isHandedOver = (handedOver[next] ?? step.startUs) < step.startUs;
    const isSame = series !== null && !isHandedOver && isNext(series, step);
    if (series && isSame && isFailure(step)) {
      series.endUs = endOf(step);
      continue;
    }
    if (series && isSame && isAlike(series, step)) {
      take(series, step);
      continue;
    }
    close(series, loops);
    series = isBare(step) ? begin(step) : null;
  }
  close(series, loops);
}

function close(series: Series | null, loops: Map<Step, Loop>): void {
  if (!series || series.calls.length < MIN_CALLS || series.leastInput === series.mostInput) return;
  const loop: Loop = { length: 1, repeats: series.calls.length, evidence: "alike" };
  for (const step of series.calls) loops.set(step, loop);
}

/** A call whose sizes are all that is known of it. */
function isBare({ kind, row }: Step): boolean {
  return kind === "llm" && row !== null && row.promptHash === "" && (row.tokens?.input ?? 0) > 0;
}

function isFailure({ kind, status, row }: Step): boolean {
  return kind === "llm" && status === "error" && !row?.tokens;
}

/** Whether it is of the same name and model, and began soon after the one before had ended. */
function isNext({ calls: [first], endUs }: Series, step: Step): boolean {
  const gapUs = step.startUs - endUs;
  return (
    step.kind === "llm" &&
    step.name === first?.name &&
    modelOf(step) === modelOf(first) &&
    gapUs >= 0 &&
    gapUs <= MAX_GAP_US
  );
}

function isAlike(series: Series, step: Step): boolean {
  const { mostInput, leastOutput, mostOutput } = series;
  const { input, output } = sizeOf(step);
  return (
    isBare(step) &&
    input >= mostInput - Math.max(SHORTER_TOKENS, mostInput * SHORTER_BY) &&
    input <= mostInput * MAX_GROWTH &&
    Math.max(mostOutput, output) <= Math.min(leastOutput, output) * MAX_OUTPUT_RATIO
  );
}

function begin(step: Step): Series {
  const { input, output } = sizeOf(step);
  return {
    calls: [step],
    leastInput: input,
    mostInput: input,
    leastOutput: output,
    mostOutput: output,
    endUs: endOf(step),
  };
}

function take(series: Series, step: Step): void {
  const { input, output } = sizeOf(step);
  series.calls.push(step);
  series.leastInput = Math.min(series.leastInput, input);
  series.mostInput = Math.max(series.mostInput, input);
  series.leastOutput = Math.min(series.leastOutput, output);
  series.mostOutput = Math.max(series.mostOutput, output);
  series.endUs = endOf(step);
}

function sizeOf({ row }: Step): { input: number; output: number } {
  return { input: row?.tokens?.input ?? 0, output: Math.max(FEW_TOKENS, row?.tokens?.output ?? 0) };
}

function modelOf({ row }: Step): string {
  return row?.model || row?.requestedModel || "";
}

function endOf({ startUs, endUs }: Step): number {
  return endUs ?? startUs;
}

/** The agent that each step runs under; null: none. */
function findAgents(steps: readonly Step[]): Map<Step, Step | null> {
  const agentOf = new Map<Step, Step | null>();
  for (const step of steps) {
    const above = step.parent ? (agentOf.get(step.parent) ?? null) : null;
    agentOf.set(step, step.kind === "agent" ? step : above);
  }
  return agentOf;
}

/** When each agent handed work to another one, in order. */
function listHandOvers(
  steps: readonly Step[],
  agentOf: ReadonlyMap<Step, Step | null>,
): Map<Step | null, number[]> {
  const handOvers = new Map<Step | null, number[]>();
  for (const { kind, parent, startUs } of steps) {
    if (kind !== "agent") continue;
    const by = parent ? (agentOf.get(parent) ?? null) : null;
    const known = handOvers.get(by);
    if (known) known.push(startUs);
    else handOvers.set(by, [startUs]);
  }
  for (const times of handOvers.values()) times.sort((one, two) => one - two);
  return handOvers;
}
