import { randomBytes } from "node:crypto";
import type { ClickHouse } from "@/db/clickhouse/client";
import type { Postgres } from "@/db/postgres";
import { classifyInsertFault, describeFault } from "@/ingest/calls/insert-fault";
import { isolateRows } from "@/ingest/calls/isolate-rows";
import type { CallsWriter } from "@/ingest/calls/write-calls";
import { finishLinkBatches, type LinkContext, linkTraces } from "@/ingest/link/link-traces";
import { readTouched } from "@/ingest/link/touched-traces";
import type { Spool } from "@/ingest/spool/open-spool";
import { type BackgroundJob, startBackgroundJob } from "@/lib/background-job";
import type { Log } from "@/lib/log";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import type { Backlog } from "@/lib/runtime";

/** The name under which this reader's mark is kept. */
export const SPANS_READER = "spans";

/** The drain from the spool of spans into `trace_spans`, and the linking of their traces. */
export interface SpansWriter {
  /** What is accepted and not linked yet. */
  backlog(): Backlog;
  /** True while the last turn worked. */
  isHealthy(): boolean;
  /** Resolves when everything accepted before this call is stored and linked. */
  linked(): Promise<void>;
  close(): Promise<void>;
}

/** A block: what was touched is loaded whole, so it is smaller than one of calls. */
const MAX_BLOCK = { events: 15_000, bytes: 24 * 1024 * 1024 };
/** Spans of one trace come together: so long the first waits for the others. */
const LINGER_MS = 300;
/** As inserting calls does, linking takes a part of the time and not all of it. */
const LINGER_SHARE = 3;
const MAX_LINGER_MS = 1_000;
const IDLE_MS = 60_000;
const CLOSE_MS = 10_000;

/** Starts storing and linking what the spool of spans takes, until `close`. */
export function startWritingSpans(options: {
  spool: Spool;
  calls: Pick<CallsWriter, "written" | "drained">;
  /** Where spans are written; all else is asked of `clickhouse`. */
  store: Pick<ClickHouse, "insertLines">;
  clickhouse: ClickHouse;
  postgres: Pick<Postgres, "kind" | "db">;
  prices: Pick<PriceBookHolder, "priceCall">;
  log: Log;
  /** Calls were revised: their buckets changed. */
  onLinked?: () => void;
}): SpansWriter {
  return new Writer(options);
}

class Writer implements SpansWriter {
  readonly #options: Parameters<typeof startWritingSpans>[0];
  readonly #reader: ReturnType<Spool["reader"]>;
  readonly #job: BackgroundJob;
  readonly #stopListening: () => void;
  readonly #stopped: Promise<void>;
  #stop: () => void = () => undefined;
  #waiters: { totalEvents: number; resolve: () => void }[] = [];
  /** This start's name among the writers of changes. */
  readonly #writer = randomBytes(8).readBigUInt64BE().toString();
  #lastChange = 0;
  #hasFinished = false;
  #restUntilMs = 0;

  constructor(options: Parameters<typeof startWritingSpans>[0]) {
    this.#options = options;
    this.#reader = options.spool.reader(SPANS_READER);
    this.#stopped = new Promise((resolve) => {
      this.#stop = resolve;
    });
    this.#job = startBackgroundJob({
      turn: () => this.#takeTurn(),
      lingerMs: LINGER_MS,
      closeMs: CLOSE_MS,
      failed: (error, retryMs) => {
        const reason = describeFault(error);
        options.log.warn({ err: error, reason, retryMs }, "spans wait to be stored and linked");
      },
    });
    this.#stopListening = options.spool.onRecords(() => this.#job.wake());
  }

  backlog(): Backlog {
    return this.#reader.backlog();
  }

  isHealthy(): boolean {
    return this.#job.isHealthy();
  }

  linked(): Promise<void> {
    const { events } = this.backlog();
    if (events === 0) return Promise.resolve();
    const totalEvents = this.#reader.position().totalEvents + events;
    return new Promise((resolve) => {
      this.#waiters.push({ totalEvents, resolve });
      this.#job.wake();
    });
  }

  async close(): Promise<void> {
    this.#stopListening();
    this.#stop();
    await this.#job.close();
  }

  async #takeTurn(): Promise<number> {
    const context = this.#context();
    if (!this.#hasFinished) {
      await finishLinkBatches(context);
      this.#hasFinished = true;
    }
    const waitMs = this.#restUntilMs - Date.now();
    if (waitMs > 0 && this.#waiters.length === 0) return waitMs;
    const block = await this.#reader.read(MAX_BLOCK);
    if (!block) return IDLE_MS;
    const begunMs = Date.now();
    const { stored, touched } = readTouched(block.lines);
    if (stored !== "") await this.#insert(stored);
    // A span is accepted after its call: what is written now has the calls of these spans.
    const { calls } = this.#options;
    const written = this.#waiters.length > 0 ? calls.drained() : calls.written();
    await Promise.race([written, this.#stopped]);
    if (this.#job.isStopping()) return 0;
    for (const one of touched) await linkTraces(context, one);
    if (this.#job.isStopping()) return 0;
    await this.#reader.advance(block.mark);
    this.#restUntilMs = Date.now() + Math.min(MAX_LINGER_MS, (Date.now() - begunMs) * LINGER_SHARE);
    this.#tellWaiters();
    this.#options.onLinked?.();
    return this.backlog().events > 0 ? 0 : IDLE_MS;
  }

  #context(): LinkContext {
    const { clickhouse, postgres, prices, log } = this.#options;
    const nextChange = () => {
      this.#lastChange = Math.max(this.#lastChange + 1, Date.now() * 1000);
      return { writer: this.#writer, number: this.#lastChange };
    };
    return { clickhouse, postgres, prices, log, nextChange };
  }

  async #insert(lines: string): Promise<void> {
    const { store, log } = this.#options;
    const insert = (text: string) => store.insertLines("trace_spans", text);
    try {
      await insert(lines);
    } catch (error) {
      if (classifyInsertFault(error) !== "content") throw error;
      for (const { reason } of await isolateRows(lines, insert)) {
        log.error({ reason }, "the calls store refuses a span; its call stays as it came");
      }
    }
  }

  #tellWaiters(): void {
    const { totalEvents } = this.#reader.position();
    const isReached = (waiter: { totalEvents: number }) => waiter.totalEvents <= totalEvents;
    for (const waiter of this.#waiters.filter(isReached)) waiter.resolve();
    this.#waiters = this.#waiters.filter((waiter) => !isReached(waiter));
  }
}
