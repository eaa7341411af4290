import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN } from "@/db/clickhouse/cubes";

/** Rollups of one grain in one UTC day: starts in seconds since 1970, ascending, and what is kept of each. */
export interface CleanRollup {
  start: number;
  generation: bigint;
  /** The newest arrival or revision among its calls in microseconds since 1970. */
  newestUs: number;
  seal: "none" | "sealed" | "late";
}

/** The clean rollups that start in one UTC day. */
export interface CleanDay {
  day: readonly CleanRollup[];
  buckets: readonly CleanRollup[];
}

/** The oldest and the newest event, as the store writes instants. */
export interface EventSpan {
  first: string | null;
  last: string | null;
}

/** Days of projects that are remembered: some KB each. More is asked for again. */
const MAX_DAYS = 8_192;
/** Expired calls go when the engine comes to it, which no statement tells: nothing is trusted for longer. */
const MAX_SPAN_AGE_MS = 10_000;

/**
 * What this process remembers of the calls store between two questions: which rollups are clean, and the ends of all
 * events. Both are asked for beside every sum and were half of its time, and they change only by a write. Where one
 * process writes everything (the embedded engine), each write makes it forget what it touched (`watchWrites`), so an
 * answer from here is what the store would have said; where others write too, there is no such memory.
 */
export class StoreMemory {
  readonly #days = new Map<string, Map<number, CleanDay>>();
  readonly #spans = new Map<string, { span: EventSpan; atMs: number }>();
  #size = 0;
  #writes = 0;

  /** How much was written so far. What is asked after this may be kept unless something was written since. */
  get writes(): number {
    return this.#writes;
  }

  /** @param day the start of a UTC day in seconds since 1970 */
  findDay(projectId: string, day: number): CleanDay | undefined {
    return this.#days.get(projectId)?.get(day);
  }

  keepDay(projectId: string, day: number, clean: CleanDay, askedAfter: number): void {
    if (askedAfter !== this.#writes) return;
    if (this.#size >= MAX_DAYS) this.#forgetDays();
    const days = this.#days.get(projectId) ?? new Map<number, CleanDay>();
    this.#days.set(projectId, days);
    if (!days.has(day)) this.#size += 1;
    days.set(day, clean);
  }

  findSpan(projectIds: readonly string[]): EventSpan | undefined {
    const kept = this.#spans.get(keyOf(projectIds));
    return kept && performance.now() - kept.atMs < MAX_SPAN_AGE_MS ? kept.span : undefined;
  }

  keepSpan(projectIds: readonly string[], span: EventSpan, askedAfter: number): void {
    if (askedAfter !== this.#writes) return;
    if (this.#spans.size >= MAX_DAYS) this.#spans.clear();
    this.#spans.set(keyOf(projectIds), { span, atMs: performance.now() });
  }

  /** Something of these days was written, or may have been. @param start any second of the day */
  forget(changed: readonly { projectId: string; start: number }[]): void {
    this.#writes += 1;
    this.#spans.clear();
    for (const { projectId, start } of changed) {
      const day = Math.floor(start / DAY_GRAIN) * DAY_GRAIN;
      if (this.#days.get(projectId)?.delete(day)) this.#size -= 1;
    }
  }

  /** A statement wrote what cannot be told in days. */
  forgetAll(): void {
    this.#writes += 1;
    this.#spans.clear();
    this.#forgetDays();
  }

  #forgetDays(): void {
    this.#days.clear();
    this.#size = 0;
  }
}

const STATE_TABLES = ["bucket_changes", "bucket_generations"];
const STATES = /\b(bucket_changes|bucket_generations|llm_calls)\b/;
/** Sums of calls: they become visible by a flip. */
const REBUILD = /^\s*INSERT INTO (calls_rollup|user_days|session_days|feature_model_days)\b/;

/**
 * The same store with a memory that forgets what is written through it. A write counts when it ended, failed or not: as
 * long as it runs, the state before it is as true as the one after.
 */
export function watchWrites(clickhouse: ClickHouse): ClickHouse {
  const memory = new StoreMemory();
  return {
    ...clickhouse,
    memory,
    async insertLines(table, lines) {
      try {
        await clickhouse.insertLines(table, lines);
      } finally {
        if (STATE_TABLES.includes(table)) memory.forget(readStates(lines));
      }
    },
    async command(sql, params, settings) {
      try {
        await clickhouse.command(sql, params, settings);
      } finally {
        if (STATES.test(sql) && !REBUILD.test(sql)) memory.forgetAll();
      }
    },
  };
}

function readStates(lines: string): { projectId: string; start: number }[] {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { project_id, bucket } = JSON.parse(line) as { project_id: string; bucket: number };
      return { projectId: project_id, start: bucket };
    });
}

const keyOf = (projectIds: readonly string[]): string => JSON.stringify([...projectIds].sort());
