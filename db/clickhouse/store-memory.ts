import type { ClickHouse } from "@/db/clickhouse/client";
import { BLOCK_GRAINS, DAY_GRAIN, type Grain, startOf } from "@/db/clickhouse/cubes";

/** A rollup that is clean. */
export interface CleanRollup {
  grain: Grain;
  /** Seconds since 1970. */
  start: number;
  generation: bigint;
  /** The newest arrival or revision among its calls in microseconds since 1970. */
  newestUs: number;
  seal: "none" | "sealed" | "late";
}

/** What is remembered at once: a UTC day with its hours and buckets, or a block of days by itself. */
export interface CleanSpan {
  grain: (typeof SPAN_GRAINS)[number];
  /** Seconds since 1970. */
  start: number;
}
export const SPAN_GRAINS = [DAY_GRAIN, ...BLOCK_GRAINS] as const;

/** The oldest and the newest event, as the store writes instants. */
export interface EventSpan {
  first: string | null;
  last: string | null;
}

/** Days whose dearest sessions are known to be listed. More are asked for again. */
const MAX_LISTED = 100_000;
/** Days and blocks of projects that are remembered: some KB each. More is asked for again. */
const MAX_SPANS = 8_192;
/** Expired calls go when the engine comes to it, which no statement tells: nothing is trusted for longer. */
const MAX_SPAN_AGE_MS = 10_000;

/**
 * What this process remembers of the calls store between two questions: which rollups are clean, and the ends of all
 * events. Both are asked for beside every sum and were half of its time, and they change only by a write. Where one
 * process writes everything (the embedded engine), each write makes it forget what it touched (`watchWrites`), so an
 * answer from here is what the store would have said; where others write too, there is no such memory.
 */
export class StoreMemory {
  readonly #clean = new Map<string, Map<string, readonly CleanRollup[]>>();
  readonly #spans = new Map<string, { span: EventSpan; atMs: number }>();
  readonly #listed = new Set<bigint>();
  #size = 0;
  #writes = 0;

  /** How much was written so far. What is asked after this may be kept unless something was written since. */
  get writes(): number {
    return this.#writes;
  }

  /** The clean rollups of a span, those of a grain ascending; undefined: it is not remembered. */
  findClean(projectId: string, span: CleanSpan): readonly CleanRollup[] | undefined {
    return this.#clean.get(projectId)?.get(nameOf(span));
  }

  keepClean(
    projectId: string,
    span: CleanSpan,
    clean: readonly CleanRollup[],
    askedAfter: number,
  ): void {
    if (askedAfter !== this.#writes) return;
    if (this.#size >= MAX_SPANS) this.#forgetClean();
    const spans = this.#clean.get(projectId) ?? new Map<string, readonly CleanRollup[]>();
    this.#clean.set(projectId, spans);
    if (!spans.has(nameOf(span))) this.#size += 1;
    spans.set(nameOf(span), clean);
  }

  findSpan(projectIds: readonly string[]): EventSpan | undefined {
    const kept = this.#spans.get(keyOf(projectIds));
    return kept && performance.now() - kept.atMs < MAX_SPAN_AGE_MS ? kept.span : undefined;
  }

  keepSpan(projectIds: readonly string[], span: EventSpan, askedAfter: number): void {
    if (askedAfter !== this.#writes) return;
    if (this.#spans.size >= MAX_SPANS) this.#spans.clear();
    this.#spans.set(keyOf(projectIds), { span, atMs: performance.now() });
  }

  /** Whether a generation is known to have a list of its dearest sessions: it got that before its flip, for good. */
  isListed(generation: bigint): boolean {
    return this.#listed.has(generation);
  }

  keepListed(generation: bigint): void {
    if (this.#listed.size >= MAX_LISTED) this.#listed.clear();
    this.#listed.add(generation);
  }

  /** Something of these days was written, or may have been, and so of their blocks. @param start any second of the day */
  forget(changed: readonly { projectId: string; start: number }[]): void {
    this.#writes += 1;
    this.#spans.clear();
    for (const { projectId, start } of changed) {
      const spans = this.#clean.get(projectId);
      for (const grain of SPAN_GRAINS) {
        if (spans?.delete(nameOf({ grain, start: startOf(grain, start) }))) this.#size -= 1;
      }
    }
  }

  /** A statement wrote what cannot be told in days. */
  forgetAll(): void {
    this.#writes += 1;
    this.#spans.clear();
    this.#forgetClean();
  }

  #forgetClean(): void {
    this.#clean.clear();
    this.#size = 0;
  }
}

const STATE_TABLES = ["bucket_changes", "bucket_generations"];
const STATES = /\b(bucket_changes|bucket_generations|llm_calls)\b/;
/** Sums of calls: they become visible by a flip. */
const REBUILD =
  /^\s*INSERT INTO (calls_rollup|user_days|session_days|session_ranks|feature_model_days)\b/;

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
const nameOf = ({ grain, start }: CleanSpan): string => `${grain} ${start}`;
