/** What is known of a source that sent. */
export interface SourceHistory {
  /** Minutes since 1970 in which it was heard of in its last seven days, ascending. */
  minutes: readonly number[];
}

/** How regular a source was when it stopped, all in minutes. */
export interface SourceRhythm {
  /** Since 1970. */
  lastMinute: number;
  /** Longest time between two events; null: there was one event only. */
  longestGap: number | null;
  /** It sent often enough for its silence to say something. */
  isRegular: boolean;
}

const HOUR = 60;
const DAY = 24 * HOUR;
/** Of the day before it stopped: one batch, or somebody trying something, is no source that must go on. */
const LEAST_HOURS = 3;

/** How a source sent. @returns null where it was not heard of */
export function rhythmOf({ minutes }: SourceHistory): SourceRhythm | null {
  const lastMinute = minutes.at(-1);
  if (lastMinute === undefined) return null;
  let longestGap: number | null = null;
  for (let index = 1; index < minutes.length; index += 1) {
    const gap = (minutes[index] ?? 0) - (minutes[index - 1] ?? 0);
    if (longestGap === null || gap > longestGap) longestGap = gap;
  }
  const hours = new Set<number>();
  for (const minute of minutes) {
    if (minute > lastMinute - DAY) hours.add(Math.floor(minute / HOUR));
  }
  return { lastMinute, longestGap, isRegular: hours.size >= LEAST_HOURS };
}

/**
 * Judges a source that stopped: silent is what sent regularly and is quiet for the rule's minutes and for twice its
 * longest gap. So what sleeps at night or over a weekend is not called silent each morning.
 * @param atMinute how far the figures reach, minutes since 1970
 * @param sinceMinute before it nobody could be heard (we were away): quiet is counted from then on
 * @returns minutes of silence; null: it is not silent
 */
export function judgeSilence(
  rhythm: SourceRhythm,
  { atMinute, sinceMinute }: { atMinute: number; sinceMinute: number },
  rule: { minutes: number },
): number | null {
  if (!rhythm.isRegular) return null;
  const heardOf = Math.max(rhythm.lastMinute, sinceMinute);
  const bar = Math.max(rule.minutes, 2 * (rhythm.longestGap ?? 0));
  return atMinute - heardOf >= bar ? atMinute - rhythm.lastMinute : null;
}
