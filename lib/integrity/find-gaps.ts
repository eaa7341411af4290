/** One event's number and its time in microseconds since 1970. */
export interface Numbered {
  sequence: number;
  atUs: number;
}

/** A stretch of one numbering: what came of it, and what is missing between its ends. */
export interface SequenceRun {
  first: number;
  last: number;
  received: number;
  missing: number;
  /** The first of the missing ranges, ends included. */
  missingRanges: [number, number][];
  firstUs: number;
  lastUs: number;
}

/** Events of one process reach us in about the order of their numbers: so far they may be apart. */
const REORDERED = 1_000;
/** A jump ahead this large is another numbering (a clock, a hash), not a loss. */
const JUMP = 100_000;
const MAX_RANGES = 20;

/**
 * Splits a source's numbers into runs and finds what is missing in each. In order of event time an event begins a new
 * run where its number
 * - was already there in this run (a restart counts from 0 or 1 again; two processes share a name),
 * - falls behind the highest by more than 1,000 (a restart, rather than events out of order), or
 * - is ahead of the highest by more than 100,000.
 * Nothing is missing before a run's first number or after its last: what came before the range, or is yet to come, is
 * not known. So what is called missing lies between two numbers of one run that are at most 100,000 apart.
 * @param events in order of event time; of equal times by number.
 * @param gaps.maxRanges missing ranges that are listed; `missing` counts all.
 */
export function findRuns(events: readonly Numbered[], maxRanges = MAX_RANGES): SequenceRun[] {
  const runs: Numbered[][] = [];
  let current: { seen: Set<number>; highest: number; events: Numbered[] } | null = null;
  for (const event of events) {
    const { sequence } = event;
    const isNew =
      current === null ||
      current.seen.has(sequence) ||
      sequence < current.highest - REORDERED ||
      sequence > current.highest + JUMP;
    if (current === null || isNew) {
      current = { seen: new Set(), highest: sequence, events: [] };
      runs.push(current.events);
    }
    current.seen.add(sequence);
    current.highest = Math.max(current.highest, sequence);
    current.events.push(event);
  }
  return runs.map((run) => describeRun(run, maxRanges));
}

function describeRun(events: readonly Numbered[], maxRanges: number): SequenceRun {
  const sorted = events.map(({ sequence }) => sequence).sort((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? first;
  const missingRanges: [number, number][] = [];
  let missing = 0;
  let previous = first;
  for (const sequence of sorted) {
    const between = sequence - previous - 1;
    if (between > 0) {
      missing += between;
      if (missingRanges.length < maxRanges) missingRanges.push([previous + 1, sequence - 1]);
    }
    previous = sequence;
  }
  const times = events.map(({ atUs }) => atUs);
  return {
    first,
    last,
    received: events.length,
    missing,
    missingRanges,
    firstUs: times[0] ?? 0,
    lastUs: times.at(-1) ?? 0,
  };
}
