import {
  COUNTED,
  type GroupSums,
  type LedgerGroup,
  MAX_LABELS,
  OTHER,
} from "@/lib/metrics/metric-families";

/** A counter's series: what it grew by since this process began to count. */
export interface Series {
  project: string;
  values: readonly string[];
  sums: GroupSums;
}

/**
 * Counters of one family that only ever rise, made of a ledger's sums that may fall (a call is voided, a price is put
 * right) and of groups that move between a label of their own and `other`.
 *
 * Each group's growth past its own highest sum so far is added to the series that it has a label in at that time. So no
 * series falls, what was taken back is made up before a series rises again, and over time a series grows by what the
 * ledger grew by. The first sums are where counting begins: every series starts at 0, as Prometheus expects of a
 * process that starts.
 */
export class GrowingSums {
  readonly #highest = new Map<string, GroupSums>();
  readonly #series = new Map<string, Series>();
  #hasBegun = false;

  /**
   * Takes the ledger's sums of all groups as they are now.
   * @param recent calls of each group lately, by `groupKey`: those with the most have a label of their own
   */
  take(groups: readonly LedgerGroup[], recent: ReadonlyMap<string, number>): void {
    const labelled = chooseLabelled(groups, recent);
    for (const group of groups) {
      const key = groupKey(group);
      const isOwn = labelled.has(key);
      const values = group.values.map((value) => (isOwn ? (value ?? "") : OTHER));
      const series = this.#seriesOf(group.project, values);
      const highest = this.#highest.get(key) ?? (this.#hasBegun ? noSums() : { ...group.sums });
      this.#highest.set(key, highest);
      for (const name of COUNTED) {
        const growth = group.sums[name] - highest[name];
        if (growth <= 0n) continue;
        series.sums[name] += growth;
        highest[name] = group.sums[name];
      }
    }
    this.#hasBegun = true;
  }

  /** Every series there ever was: one that vanished would look like a process that began again. */
  list(): Series[] {
    return [...this.#series.values()];
  }

  #seriesOf(project: string, values: readonly string[]): Series {
    const key = JSON.stringify([project, values]);
    const known = this.#series.get(key);
    if (known) return known;
    // Labels are bounded for ever, not only at one time.
    const isFull = this.#countOf(project) >= MAX_LABELS * 4;
    const others = values.map(() => OTHER);
    if (isFull && values.some((value) => value !== OTHER)) return this.#seriesOf(project, others);
    const made = { project, values, sums: noSums() };
    this.#series.set(key, made);
    return made;
  }

  #countOf(project: string): number {
    let count = 0;
    for (const series of this.#series.values()) if (series.project === project) count += 1;
    return count;
  }
}

/** The name of a group within its family. */
export function groupKey({ project, values }: Pick<LedgerGroup, "project" | "values">): string {
  return JSON.stringify([project, values]);
}

function chooseLabelled(
  groups: readonly LedgerGroup[],
  recent: ReadonlyMap<string, number>,
): Set<string> {
  const byProject = new Map<string, string[]>();
  for (const group of groups) {
    const keys = byProject.get(group.project) ?? [];
    byProject.set(group.project, keys);
    keys.push(groupKey(group));
  }
  const callsOf = (key: string) => recent.get(key) ?? 0;
  return new Set(
    [...byProject.values()].flatMap((keys) =>
      keys
        .sort((one, two) => callsOf(two) - callsOf(one) || (one < two ? -1 : 1))
        .slice(0, MAX_LABELS),
    ),
  );
}

function noSums(): GroupSums {
  return {
    cost_usd: 0n,
    calls: 0n,
    errors: 0n,
    retries: 0n,
    unpriced_calls: 0n,
    input_tokens: 0n,
    output_tokens: 0n,
    cache_read_tokens: 0n,
  };
}
