import type { ClickHouse } from "@/db/clickhouse/client";
import { listLastHeard, listSourceMinutes } from "@/db/clickhouse/queries/list-source-minutes";
import { rhythmOf, type SourceRhythm } from "@/lib/alerts/judge-silence";
import { LATE_AFTER_SECONDS } from "@/lib/alerts/late";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** What sleeps over a weekend is called silent after five days: whoever was quiet for longer is forgotten. */
const KNOWN_FOR_MS = 14 * DAY_MS;
/** Events are looked for again this far back: those of one moment arrive within minutes. */
const OVERLAP_MS = 2 * HOUR_MS;
/** A sender's clock may be ahead by as much as the contract allows. */
const AHEAD_MS = DAY_MS;
const GAPS_OF_MS = 7 * DAY_MS;
const MOST_SOURCES = 50_000;
/** Sources whose minutes are read in one look: ten thousand minutes each. */
const MOST_READ = 20;

/** A source of events: what it calls itself, or (empty) all of a project that name none. */
export interface Source {
  projectId: string;
  source: string;
  /** Heard of last, ms since 1970. */
  lastMs: number;
}

/**
 * When each source was heard of last. Read whole once, two weeks of one column; from then on each look reads the last
 * two hours. A process that did not look for longer reads what it missed.
 */
export class SourceMemory {
  readonly #sources = new Map<string, Source>();
  readonly #rhythms = new Map<string, { lastMs: number; rhythm: SourceRhythm }>();
  #knownToMs: number | null = null;

  /** Reads what came since the last look. @param toMs how far the figures reach */
  async read(clickhouse: ClickHouse, projectIds: readonly string[], toMs: number): Promise<void> {
    const fromMs =
      this.#knownToMs === null
        ? toMs - KNOWN_FOR_MS
        : Math.max(toMs - KNOWN_FOR_MS, this.#knownToMs - OVERLAP_MS);
    const rows = await listLastHeard(clickhouse, {
      projectIds: [...projectIds],
      fromUs: fromMs * 1000,
      toUs: (toMs + AHEAD_MS) * 1000,
      lateAfterSeconds: LATE_AFTER_SECONDS,
      limit: MOST_SOURCES,
    });
    for (const { project_id: projectId, source, last_us } of rows) {
      const lastMs = Math.floor(last_us / 1000);
      const key = keyOf(projectId, source);
      const known = this.#sources.get(key);
      if (!known || known.lastMs < lastMs) this.#sources.set(key, { projectId, source, lastMs });
    }
    this.#knownToMs = Math.max(this.#knownToMs ?? 0, toMs);
    for (const [key, { lastMs }] of this.#sources) {
      if (lastMs >= toMs - KNOWN_FOR_MS) continue;
      this.#sources.delete(key);
      this.#rhythms.delete(key);
    }
  }

  find(projectId: string, source: string): Source | null {
    return this.#sources.get(keyOf(projectId, source)) ?? null;
  }

  /** Sources that were not heard of since, those longest quiet last. */
  listQuietSince(ms: number): Source[] {
    return [...this.#sources.values()]
      .filter(({ lastMs }) => lastMs < ms)
      .sort((a, b) => b.lastMs - a.lastMs);
  }

  /**
   * How these sources sent before they stopped; each is read once, and only so many in one look: the others in the next.
   * @returns of those that are known
   */
  async findRhythms(
    clickhouse: ClickHouse,
    sources: readonly Source[],
  ): Promise<{ source: Source; rhythm: SourceRhythm }[]> {
    const unknown = sources.filter((one) => !this.#rhythmOf(one)).slice(0, MOST_READ);
    if (unknown.length > 0) await this.#readRhythms(clickhouse, unknown);
    return sources.flatMap((source) => {
      const rhythm = this.#rhythmOf(source);
      return rhythm ? [{ source, rhythm }] : [];
    });
  }

  #rhythmOf({ projectId, source, lastMs }: Source): SourceRhythm | null {
    const kept = this.#rhythms.get(keyOf(projectId, source));
    return kept && kept.lastMs === lastMs ? kept.rhythm : null;
  }

  async #readRhythms(clickhouse: ClickHouse, sources: readonly Source[]): Promise<void> {
    const lasts = sources.map(({ lastMs }) => lastMs);
    const rows = await listSourceMinutes(clickhouse, {
      projectIds: [...new Set(sources.map(({ projectId }) => projectId))],
      sources: [...new Set(sources.map(({ source }) => source))],
      fromUs: (Math.min(...lasts) - GAPS_OF_MS) * 1000,
      toUs: (Math.max(...lasts) + AHEAD_MS) * 1000,
      lateAfterSeconds: LATE_AFTER_SECONDS,
    });
    for (const { project_id: projectId, source, minutes } of rows) {
      const key = keyOf(projectId, source);
      const asked = sources.find((one) => keyOf(one.projectId, one.source) === key);
      if (!asked) continue;
      // Of several sources that stopped at several times each is judged by its own week.
      const sinceMinute = (asked.lastMs - GAPS_OF_MS) / MINUTE_MS;
      const rhythm = rhythmOf({ minutes: minutes.filter((minute) => minute >= sinceMinute) });
      if (rhythm) this.#rhythms.set(key, { lastMs: asked.lastMs, rhythm });
    }
  }
}

const keyOf = (projectId: string, source: string): string => `${projectId} ${source}`;
