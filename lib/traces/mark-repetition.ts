import { markSeries } from "@/lib/traces/mark-series";
import { byTime, type Step } from "@/lib/traces/tree-step";

export interface Loop {
  /** Steps of the sequence that repeats. */
  length: number;
  /** How many times it ran in a row. */
  repeats: number;
  /**
   * `same`: what was asked was the same, by its hash or the count of its tokens. `alike`: that is not known, only that
   * calls of one kind came one right after the other (`markSeries`).
   */
  evidence: "same" | "alike";
}

export interface Repetition {
  loops: ReadonlyMap<Step, Loop>;
  /** The failed step that each tries again; null: not known which. */
  retries: ReadonlyMap<Step, Step | null>;
}

/** The longest sequence that is looked for: agents go round in two to four steps; 8 leaves room for tools side by side. */
const MAX_LENGTH = 8;
/** Twice happens by itself; the third time somebody should look. */
const MIN_REPEATS = 3;

/**
 * The calls of models and tools of each run of an agent, by time: what came one after the other for it. A run is what is
 * under one node of kind `agent`, or directly under its trace, of one agent's name.
 */
export function listRuns(steps: readonly Step[]): Step[][] {
  const runOf = new Map<Step, Step | null>();
  const runs = new Map<Step | null, Map<string, Step[]>>();
  for (const step of steps) {
    const run =
      step.kind === "agent" ? step : step.parent ? (runOf.get(step.parent) ?? null) : null;
    runOf.set(step, run);
    if (!isWork(step)) continue;
    const ofRun = runs.get(run) ?? new Map<string, Step[]>();
    runs.set(run, ofRun);
    const name = JSON.stringify([step.traceId, step.agent]);
    const list = ofRun.get(name);
    if (list) list.push(step);
    else ofRun.set(name, [step]);
  }
  return [...runs.values()].flatMap((ofRun) => [...ofRun.values()].map((run) => run.sort(byTime)));
}

/** What repeats the steps below it would be there twice; a failed attempt is there though it is not counted. */
function isWork({ row, kind, status, children }: Step): boolean {
  if (!row || (kind !== "llm" && kind !== "tool")) return false;
  return row.counted || (status === "error" && children.length === 0);
}

/**
 * Marks loops and retries.
 *
 * **Loop**: within one run, a sequence of 1 to 8 steps that ran at least 3 times in a row, each step after the same one
 * of the time before had ended. Steps are the same where kind, name, model and what they were asked are the same: the
 * hash of the prompt (of a tool: of its arguments); without one, of a model's call the count of its input tokens (a
 * conversation that goes on grows), of a failed step its kind of failure. A tool's call of which only the name is known
 * may be part of such a sequence and never makes one: asking three different things of one tool is work.
 * The shortest sequence is told; a step is part of one at most. Calls of which nothing but their sizes is known are a loop
 * by another rule too (`markSeries`).
 *
 * **Retry**: `attempt` is 2 or more; or the step before it of the same kind, name and model in its run failed and had
 * ended, with no call of a model between them, and nothing tells that it was asked something else.
 */
export function markRepetition(steps: readonly Step[]): Repetition {
  const loops = new Map<Step, Loop>();
  const retries = new Map<Step, Step | null>();
  const runs = listRuns(steps);
  markSeries(runs, steps, loops);
  for (const run of runs) {
    markRetries(run, retries);
    const labels = run.map(labelOf);
    for (let length = 1; length <= Math.min(MAX_LENGTH, run.length / MIN_REPEATS); length++) {
      markLoops(run, labels, length, loops);
    }
  }
  return { loops, retries };
}

interface Label {
  text: string;
  /** What it was asked is known to be the same, not only whom. */
  isProven: boolean;
  isCall: boolean;
}

function labelOf(step: Step): Label {
  const { row, kind } = step;
  const asked = askedOf(step);
  const text = JSON.stringify([kind, step.name, row?.model ?? "", asked]);
  return { text, isProven: asked !== null, isCall: kind === "llm" };
}

function askedOf({ row, kind, status, errorType }: Step): string | null {
  if (row?.promptHash) return `hash ${row.promptHash}`;
  if (kind === "llm" && row?.tokens && row.tokens.input > 0) return `tokens ${row.tokens.input}`;
  return status === "error" ? `failed ${errorType}` : null;
}

function markLoops(
  run: readonly Step[],
  labels: readonly Label[],
  length: number,
  loops: Map<Step, Loop>,
): void {
  let matched = 0;
  for (let at = length; at <= run.length; at++) {
    if (at < run.length && isAgain(run, labels, at, at - length)) {
      matched += 1;
      continue;
    }
    const first = at - matched - length;
    const repeats = Math.floor(matched / length) + 1;
    matched = 0;
    if (repeats < MIN_REPEATS || !isLoop(labels.slice(first, first + length))) continue;
    const last = first + repeats * length;
    // Of what is part of a shorter one already, nothing longer is told.
    if (run.slice(first, last).some((step) => loops.has(step))) continue;
    for (const step of run.slice(first, last))
      loops.set(step, { length, repeats, evidence: "same" });
  }
}

function isAgain(
  run: readonly Step[],
  labels: readonly Label[],
  at: number,
  before: number,
): boolean {
  const [step, earlier] = [run[at], run[before]];
  if (!step || !earlier || labels[at]?.text !== labels[before]?.text) return false;
  return step.startUs >= (earlier.endUs ?? earlier.startUs);
}

function isLoop(sequence: readonly Label[]): boolean {
  return (
    sequence.some(({ isProven }) => isProven) &&
    sequence.every(({ isProven, isCall }) => isProven || !isCall)
  );
}

function markRetries(run: readonly Step[], retries: Map<Step, Step | null>): void {
  const last = new Map<string, Step>();
  let lastCall: Step | null = null;
  for (const step of run) {
    const same = JSON.stringify([step.kind, step.name, modelOf(step)]);
    const before = last.get(same) ?? null;
    const isFirstAfter = before !== null && (before === lastCall || !isAfter(lastCall, before));
    const failed = before !== null && isFirstAfter && isTriedAgain(before, step) ? before : null;
    if (failed || (step.row?.attempt ?? 0) > 1) retries.set(step, failed);
    last.set(same, step);
    if (step.kind === "llm") lastCall = step;
  }
}

function modelOf({ row }: Step): string {
  return row?.requestedModel || row?.model || "";
}

function isAfter(step: Step | null, other: Step): boolean {
  return step !== null && byTime(step, other) > 0;
}

function isTriedAgain(failed: Step, step: Step): boolean {
  if (failed.status !== "error" || step.startUs < (failed.endUs ?? failed.startUs)) return false;
  const [one, two] = [failed.row?.promptHash ?? "", step.row?.promptHash ?? ""];
  if (one !== "" && two !== "") return one === two;
  const [before, after] = [failed.row?.tokens?.input ?? 0, step.row?.tokens?.input ?? 0];
  return before === 0 || after === 0 || before === after;
}
