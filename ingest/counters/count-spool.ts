import { isRefusedValue } from "@/db/is-refused-value";
import type { Postgres } from "@/db/postgres";
import { ensureSpool, moveCountedMark, noteSpoolProgress } from "@/db/queries/counters";
import type { Counting, WriteCounted } from "@/ingest/counters/counting";
import type { Spool } from "@/ingest/spool/open-spool";
import type { SpoolBlock } from "@/ingest/spool/spool-reader";
import {
  type BackgroundJob,
  CLOSE_WITHOUT_POSTGRES_MS,
  startBackgroundJob,
} from "@/lib/background-job";
import type { Log } from "@/lib/log";
import type { Backlog } from "@/lib/runtime";

/** The name under which this reader's mark is kept. */
export const COUNTERS_READER = "counters";

/** Follows the spool into PostgreSQL's counters. */
export interface CountersWriter {
  /** True while the last transaction worked. */
  isHealthy(): boolean;
  /** The spool has its row in PostgreSQL: what is moved there under its name is moved once. */
  isRegistered(): boolean;
  /** Everything this process accepted up to then is counted; ms since 1970. */
  countedToMs(): number;
  /** Resolves when everything accepted before this call is counted. */
  counted(): Promise<void>;
  /** Counts for at most `timeoutMs`, then stops; what is left stays in the spool. */
  close(timeoutMs: number): Promise<void>;
}

/** From an event's arrival to its count go at most 250 ms: this, and one transaction. */
const LINGER_MS = 150;
/** Its text is scanned in one go, some 8 ms: pages and requests wait so long and no longer. */
const MAX_BLOCK = { events: 10_000, bytes: 4 * 1024 * 1024 };
/** How often the row of an idle process says that it lives. */
const PROGRESS_EVERY_MS = 5_000;

/** Starts counting what the spool takes, until `close`. */
export function startCounting(options: {
  spool: Spool;
  postgres: Pick<Postgres, "db">;
  /** Everything that counts; all of them in one transaction. */
  countings: readonly Counting[];
  /** The calls reader's: what the integrity job must know of this process. */
  callsBacklog: () => Backlog;
  log: Log;
  lingerMs?: number;
}): CountersWriter {
  return new Counter(options);
}

class Counter implements CountersWriter {
  readonly #options: Parameters<typeof startCounting>[0];
  readonly #reader: ReturnType<Spool["reader"]>;
  readonly #job: BackgroundJob;
  readonly #stopListening: () => void;
  #isRegistered = false;
  #progressMs = 0;
  #waiters: { totalEvents: number; resolve: () => void }[] = [];

  constructor(options: Parameters<typeof startCounting>[0]) {
    this.#options = options;
    this.#reader = options.spool.reader(COUNTERS_READER);
    this.#job = startBackgroundJob({
      turn: () => this.#takeTurn(),
      lingerMs: () => this.#lingerMs(),
      closeMs: CLOSE_WITHOUT_POSTGRES_MS,
      failed: (error, retryMs) => {
        const text = "events cannot be counted just now; they wait in the spool";
        options.log.warn({ err: error, retryMs }, text);
      },
    });
    this.#stopListening = options.spool.onRecords(() => this.#job.wake());
  }

  isHealthy(): boolean {
    return this.#job.isHealthy();
  }

  isRegistered(): boolean {
    return this.#isRegistered;
  }

  countedToMs(): number {
    return this.#reader.backlog().freshToMs;
  }

  counted(): Promise<void> {
    const { events } = this.#reader.backlog();
    if (events === 0) return Promise.resolve();
    const totalEvents = this.#reader.position().totalEvents + events;
    return new Promise((resolve) => {
      this.#waiters.push({ totalEvents, resolve });
      this.#job.wake();
    });
  }

  async close(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.counted(), late]);
    clearTimeout(timer);
    // The last word of a process that ends: how much it leaves behind.
    if (this.isHealthy() && this.#isRegistered) await this.#noteProgress().catch(() => undefined);
    this.#stopListening();
    await this.#job.close();
  }

  /**
   * From the oldest event's arrival and not from the end of the block before: in a burst that would be a block's time
   * more for what came during it. A whole block waits for nothing, as nothing more would go into it.
   */
  #lingerMs(): number {
    const { events, bytes, oldestSeconds } = this.#reader.backlog();
    if (events >= MAX_BLOCK.events || bytes >= MAX_BLOCK.bytes) return 0;
    return (this.#options.lingerMs ?? LINGER_MS) - oldestSeconds * 1000;
  }

  async #takeTurn(): Promise<number> {
    if (!this.#isRegistered) await this.#register();
    const block = await this.#reader.read(MAX_BLOCK);
    if (block) {
      await this.#countBlock(block);
      return this.#reader.backlog().events > 0 ? 0 : PROGRESS_EVERY_MS;
    }
    const waitMs = this.#progressMs + PROGRESS_EVERY_MS - Date.now();
    if (waitMs > 0) return waitMs;
    await this.#noteProgress();
    return PROGRESS_EVERY_MS;
  }

  /**
   * Counts a block and moves PostgreSQL's mark in one transaction, then the spool's own. That order decides: after a
   * crash in between PostgreSQL's mark says what is counted, and the spool's follows it.
   */
  async #countBlock(block: SpoolBlock): Promise<void> {
    const { countings } = this.#options;
    const writes = countings.map((counting) => counting(block.lines, 1));
    const isMoved = await this.#write(block, writes, "together").catch((error: unknown) => {
      if (!isRefusedValue(error)) throw error;
      return this.#write(block, writes, "apart");
    });
    if (!isMoved) {
      // By a transaction whose answer was lost, or the row was deleted: the marks are brought together first.
      this.#isRegistered = false;
      throw new Error(`records from ${this.#reader.position().sequence} on are counted already`);
    }
    this.#progressMs = Date.now();
    if (this.#job.isStopping()) return;
    await this.#reader.advance(block.mark);
    this.#tellWaiters();
  }

  #write(
    block: SpoolBlock,
    writes: readonly WriteCounted[],
    how: "together" | "apart",
  ): Promise<boolean> {
    const { spool, postgres } = this.#options;
    const mark = { from: this.#reader.position().sequence, to: block.mark.sequence };
    return postgres.db.transaction(async (tx) => {
      if (!(await moveCountedMark(tx, spool.id(), mark, this.#progress()))) return false;
      for (const write of writes) await write(tx, how);
      return true;
    });
  }

  #tellWaiters(): void {
    const { totalEvents } = this.#reader.position();
    const isReached = (waiter: { totalEvents: number }) => waiter.totalEvents <= totalEvents;
    for (const waiter of this.#waiters.filter(isReached)) waiter.resolve();
    this.#waiters = this.#waiters.filter((waiter) => !isReached(waiter));
  }

  /** Brings the two marks together. */
  async #register(): Promise<void> {
    const { spool, postgres, log } = this.#options;
    const { db } = postgres;
    const counted = this.#reader.position().sequence;
    const ensure = () =>
      ensureSpool(db, { id: spool.id(), countedSequence: counted, ...this.#progress() });
    let row = await ensure();
    if (row.countedSequence > spool.lastSequence() || row.movedKey > spool.setAside.lastKey) {
      // A copy that was put back: its next numbers are new events, though PostgreSQL has seen the numbers.
      log.warn({ spool: row.id }, "this spool is older than what was counted of it: it is renamed");
      spool.rename();
      row = await ensure();
    }
    if (row.countedSequence > counted) {
      await this.#reader.skipTo(row.countedSequence);
      this.#tellWaiters();
    } else if (row.countedSequence < counted) {
      // PostgreSQL was put back. What it lost is not in the spool any more; the integrity job finds it in the calls.
      log.warn({ spool: row.id }, "the counters are older than this spool's mark");
      const mark = { from: row.countedSequence, to: counted };
      await moveCountedMark(db, spool.id(), mark, this.#progress());
    }
    this.#isRegistered = true;
  }

  async #noteProgress(): Promise<void> {
    const { spool, postgres } = this.#options;
    this.#progressMs = Date.now();
    const isThere = await noteSpoolProgress(postgres.db, spool.id(), this.#progress());
    if (!isThere) this.#isRegistered = false;
  }

  /** Fresh to what both readers have done: the integrity job compares what is in the calls and counted. */
  #progress() {
    const calls = this.#options.callsBacklog();
    const countedToMs = this.countedToMs();
    return {
      freshTo: new Date(Math.min(calls.freshToMs, countedToMs)),
      // Apart from the calls: a hold must not wait for a calls store that is away.
      countedTo: new Date(countedToMs),
      backlogEvents: calls.events,
      seenAt: new Date(),
    };
  }
}
