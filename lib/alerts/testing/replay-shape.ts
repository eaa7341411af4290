import {
  judgeSpike,
  mayTellSpike,
  type SpikeRule,
  type SpikeVerdict,
} from "@/lib/alerts/judge-spike";
import {
  dearestHour,
  earlierWindows,
  hourWindows,
  quartersOf,
  type Stretch,
} from "@/lib/alerts/spike-windows";
import {
  instantOfMinute,
  minuteOfInstant,
  type SpendShape,
} from "@/lib/alerts/testing/spend-shapes";

const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;

/** What of the rule is used: all, or what there would be without it. */
export interface ReplayOptions {
  hasDays: boolean;
  hasWeeks: boolean;
  timeZone?: string;
}

/** Runs the rule minute by minute over a shape, as the job does. @returns the minutes at which it tells */
export function replayShape(shape: SpendShape, rule: SpikeRule, options: ReplayOptions): number[] {
  const sums = new RunningSums(shape.minutes);
  const told: number[] = [];
  let last: { resolvedAtMs: number | null } | null = null;
  for (let minute = 1; minute <= shape.minutes.length; minute += 1) {
    const atMs = instantOfMinute(minute);
    const verdict = judgeMinute(sums, atMs, rule, options);
    if (verdict === "below" && last?.resolvedAtMs === null) last = { resolvedAtMs: atMs };
    if (verdict === "spike" && mayTellSpike(last, atMs)) {
      told.push(minute);
      last = { resolvedAtMs: null };
    }
  }
  return told;
}

function judgeMinute(
  sums: RunningSums,
  atMs: number,
  rule: SpikeRule,
  { hasDays, hasWeeks, timeZone = "UTC" }: ReplayOptions,
): SpikeVerdict["verdict"] {
  const { last, hourStarts } = hourWindows(atMs);
  const lastUsd = sums.of(last) ?? 0n;
  const dayUsd = sums.hours(hourStarts);
  const first = judgeSpike({ lastUsd, dayUsd, daysUsd: [], weeksUsd: [] }, rule);
  // What is usual only grows by what is looked at next.
  if (first.verdict === "below" || first.verdict === "unknown") return first.verdict;
  const windows = earlierWindows(atMs, timeZone);
  const hours = {
    lastUsd,
    dayUsd,
    daysUsd: hasDays ? windows.days.map((around) => dearestOf(sums, around)) : [],
    weeksUsd: hasWeeks ? windows.weeks.map((around) => dearestOf(sums, around)) : [],
  };
  return judgeSpike(hours, rule).verdict;
}

function dearestOf(sums: RunningSums, around: Stretch): bigint | null {
  if (sums.of(around) === null) return null;
  const quarters = quartersOf(around).map((fromMs) =>
    sums.of({ fromMs, toMs: fromMs + QUARTER_MS }),
  );
  return dearestHour(quarters.map((usd) => usd ?? 0n));
}

/** Sums of stretches of a shape in a moment, whatever their length. */
class RunningSums {
  readonly #usd: bigint[] = [0n];
  readonly #sent: number[] = [0];
  #hours: { first: number; usd: (bigint | null)[] } = { first: -1, usd: [] };

  constructor(minutes: SpendShape["minutes"]) {
    let usd = 0n;
    let sent = 0;
    for (const minute of minutes) {
      usd += minute ?? 0n;
      sent += minute === null ? 0 : 1;
      this.#usd.push(usd);
      this.#sent.push(sent);
    }
  }

  /** Of clock hours; those of one minute are mostly those of the minute before. */
  hours(starts: readonly number[]): (bigint | null)[] {
    const [first = 0] = starts;
    if (this.#hours.first !== first) {
      const usd = starts.map((fromMs) => this.of({ fromMs, toMs: fromMs + HOUR_MS }));
      this.#hours = { first, usd };
    }
    return this.#hours.usd;
  }

  /** null: nothing was sent, or it lies before the shape. */
  of({ fromMs, toMs }: Stretch): bigint | null {
    const end = this.#usd.length - 1;
    const from = Math.min(end, Math.max(0, minuteOfInstant(fromMs)));
    const to = Math.min(end, Math.max(0, minuteOfInstant(toMs)));
    if (to <= from || this.#sent[to] === this.#sent[from]) return null;
    return (this.#usd[to] ?? 0n) - (this.#usd[from] ?? 0n);
  }
}
