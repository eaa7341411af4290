import { randomBytes } from "node:crypto";
import type { ClickHouse } from "@/db/clickhouse/client";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { classifyInsertFault, describeFault, isTooLargeABlock } from "@/ingest/calls/insert-fault";
import { isolateRows } from "@/ingest/calls/isolate-rows";
import { listTouchedBuckets } from "@/ingest/calls/list-touched-buckets";
import type { Spool } from "@/ingest/spool/open-spool";
import type { SpoolBlock } from "@/ingest/spool/spool-reader";
import type { Log } from "@/lib/log";
import type { Backlog } from "@/lib/runtime";

/** The name under which this reader's mark is kept. */
export const CALLS_READER = "calls";

/** The drain from the spool into `llm_calls`. */
export interface CallsWriter {
  /** What is accepted and not queryable yet. */
  backlog(): Backlog;
  /** True while the last insert worked. */
  isHealthy(): boolean;
  /** Resolves when everything accepted before this call is queryable (or was set aside). */
  drained(): Promise<void>;
  /** The same without hurrying it: for whoever has time, as a block that is not full makes a part to merge. */
  written(): Promise<void>;
  /** Drains for at most `timeoutMs`, then stops; what is left stays in the spool. */
  close(timeoutMs: number): Promise<void>;
}

/** A block: large enough that ClickHouse makes few parts, small enough that its text is no burden. */
const MAX_BLOCK_EVENTS = 50_000;
const MAX_BLOCK_BYTES = 16 * 1024 * 1024;
const MIN_BLOCK_BYTES = 64 * 1024;
/** How long the first event of a block that is not full waits for company. */
const LINGER_MS = 100;
/**
 * An insert costs the engine nearly the same for one row as for a thousand, and each makes parts to merge. So a block
 * waits nine times as long as the last one took: under load inserting takes a tenth of the time and not all of it,
 * while a quiet process shows an event at once.
 */
const LINGER_SHARE = 9;
const MAX_LINGER_MS = 1_000;
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
/** After so many tries an error whose code we do not know is taken for one of the content. */
const UNKNOWN_TRIES = 6;

/** Starts writing the spool into the calls store, until `close`. */
export function startWritingCalls(options: {
  spool: Spool;
  clickhouse: Pick<ClickHouse, "insertLines">;
  log: Log;
  /** Milliseconds a block that is not full waits at least. */
  lingerMs?: number;
  /** Called after each block whose rows and changes are stored. */
  onWritten?: () => void;
}): CallsWriter {
  return new Writer(options);
}

class Writer implements CallsWriter {
  readonly #spool: Spool;
  readonly #reader: ReturnType<Spool["reader"]>;
  readonly #clickhouse: Pick<ClickHouse, "insertLines">;
  readonly #log: Log;
  readonly #minLingerMs: number;
  #lingerMs: number;
  readonly #onWritten: () => void;
  /** This start's name among the writers of changes. */
  readonly #writer = randomBytes(8).readBigUInt64BE().toString();
  #lastChange = 0;
  readonly #stopListening: () => void;
  readonly #finished: Promise<void>;
  #maxBlockBytes = MAX_BLOCK_BYTES;
  #failures = 0;
  #isHurried = false;
  #isStopping = false;
  #wake: () => void = () => undefined;
  #waiters: { events: number; isPatient: boolean; resolve: () => void }[] = [];
  /** Events this reader has done, counted like the spool's own total. */
  #doneEvents = 0;

  constructor(options: Parameters<typeof startWritingCalls>[0]) {
    this.#spool = options.spool;
    this.#reader = options.spool.reader(CALLS_READER);
    this.#clickhouse = options.clickhouse;
    this.#log = options.log;
    this.#minLingerMs = options.lingerMs ?? LINGER_MS;
    this.#lingerMs = this.#minLingerMs;
    this.#onWritten = options.onWritten ?? (() => undefined);
    this.#stopListening = this.#spool.onRecords(() => this.#wake());
    this.#finished = this.#run();
  }

  backlog(): Backlog {
    return this.#reader.backlog();
  }

  isHealthy(): boolean {
    return this.#failures === 0;
  }

  drained(): Promise<void> {
    return this.#done(false);
  }

  written(): Promise<void> {
    return this.#done(true);
  }

  #done(isPatient: boolean): Promise<void> {
    const { events } = this.backlog();
    if (events === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push({ events: this.#doneEvents + events, isPatient, resolve });
      if (!isPatient) this.#wake();
    });
  }

  async close(timeoutMs: number): Promise<void> {
    this.#isHurried = true;
    const timer = setTimeout(() => this.#stop(), timeoutMs);
    await Promise.race([this.drained(), this.#finished]);
    clearTimeout(timer);
    this.#stop();
    await this.#finished;
    this.#stopListening();
  }

  #stop(): void {
    this.#isStopping = true;
    this.#wake();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      const { events, bytes } = this.backlog();
      if (events === 0) await this.#sleep(null);
      else if (this.#mustLinger(bytes)) await this.#sleep(this.#lingerMs, true);
      if (this.#isStopping) return;
      await this.#writeNext();
    }
  }

  #mustLinger(bytes: number): boolean {
    return (
      bytes < this.#maxBlockBytes &&
      this.#waiters.every(({ isPatient }) => isPatient) &&
      !this.#isHurried
    );
  }

  /**
   * Sleeps until new records come, or for a time.
   * @param isLingering sleeps the whole time unless somebody waits for the drain.
   */
  #sleep(ms: number | null, isLingering = false): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = () => undefined;
        resolve();
      };
      const timer = ms === null ? undefined : setTimeout(done, ms);
      this.#wake = () => {
        if (!isLingering || this.#isStopping || !this.#mustLinger(this.backlog().bytes)) done();
      };
    });
  }

  async #writeNext(): Promise<void> {
    const begunMs = performance.now();
    try {
      const limits = { events: MAX_BLOCK_EVENTS, bytes: this.#maxBlockBytes };
      const block = await this.#reader.read(limits);
      if (!block) return;
      const refused = await this.#insert(block);
      // After the rows and before the mark: a crash in between does all three again, and a rebuild that runs
      // now is made dirty by what it may have missed.
      await this.#recordChanges(block);
      const lingerMs = Math.min(MAX_LINGER_MS, (performance.now() - begunMs) * LINGER_SHARE);
      this.#lingerMs = Math.max(this.#minLingerMs, lingerMs);
      const setAsideAtMs = Date.now();
      await this.#reader.advance(
        block.mark,
        refused.map((row) => {
          return { kind: "poisoned", ...row, reader: CALLS_READER, setAsideAtMs, isCounted: true };
        }),
      );
      this.#succeeded(block);
      this.#onWritten();
    } catch (error) {
      await this.#failed(error);
    }
  }

  async #recordChanges(block: SpoolBlock): Promise<void> {
    this.#lastChange = Math.max(this.#lastChange + 1, Date.now() * 1000);
    const change = { writer: this.#writer, number: this.#lastChange };
    await insertBucketChanges(this.#clickhouse, listTouchedBuckets(block.lines), change);
  }

  async #insert(block: SpoolBlock): Promise<{ line: string; reason: string }[]> {
    const insert = (lines: string) => this.#clickhouse.insertLines("llm_calls", lines);
    try {
      await insert(block.lines);
      return [];
    } catch (error) {
      const fault = classifyInsertFault(error);
      const isContent = fault === "content";
      if (!isContent && !(fault === "unknown" && this.#failures >= UNKNOWN_TRIES)) throw error;
      const refused = await isolateRows(block.lines, insert);
      for (const { reason } of refused) {
        this.#log.error({ reason }, "the calls store refuses an event; it is set aside");
      }
      return refused;
    }
  }

  #succeeded(block: SpoolBlock): void {
    if (this.#failures > 0) this.#log.info("the calls store takes events again");
    this.#failures = 0;
    this.#maxBlockBytes = Math.min(MAX_BLOCK_BYTES, this.#maxBlockBytes * 2);
    this.#doneEvents += block.events;
    const isReached = (waiter: { events: number }) => waiter.events <= this.#doneEvents;
    for (const waiter of this.#waiters.filter(isReached)) waiter.resolve();
    this.#waiters = this.#waiters.filter((waiter) => !isReached(waiter));
  }

  /** Nothing is lost by waiting: the events are in the spool, and ingest goes on until it is full. */
  async #failed(error: unknown): Promise<void> {
    this.#failures++;
    if (isTooLargeABlock(error)) {
      this.#maxBlockBytes = Math.max(MIN_BLOCK_BYTES, this.#maxBlockBytes / 2);
    }
    const retryMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures, 10));
    this.#log.warn(
      { reason: describeFault(error), failures: this.#failures, retryMs },
      "the calls store does not take events; they wait in the spool",
    );
    await this.#pause(retryMs);
  }

  /** Waits out a retry; only stopping cuts it short. */
  #pause(ms: number): Promise<void> {
    if (this.#isStopping) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake = () => {
        if (this.#isStopping) done();
      };
    });
  }
}
