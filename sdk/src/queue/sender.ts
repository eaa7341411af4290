import { type Api, explainAnswer, retryAfterOf } from "../api.ts";
import { jitter, later } from "../later.ts";
import type { Answer } from "../platform/platform.ts";
import { readResult } from "./read-result.ts";

/** Something that waits to be sent: its text never changes. */
export interface Item {
  id: string;
  /** The producer's running number. */
  sequence: number;
  /** JSON. */
  text: string;
  /** Of the text in UTF-8. */
  bytes: number;
}

export interface SenderOptions {
  path: string;
  /** The name of the list in the body. */
  list: "events" | "outcomes";
  /** Waits and bytes at most; beyond them new ones are dropped. */
  mostItems?: number;
  mostBytes?: number;
}

/** What became of what was queued. */
export interface SenderStatus {
  queued: number;
  queuedBytes: number;
  /** The server has them. */
  accepted: number;
  /** The server had one of the same id that says something else. */
  conflicts: number;
  /** There was no room for them, or the server does not take them; `droppedSequences` has the last hundred. */
  dropped: number;
  droppedSequences: number[];
  retries: number;
  lastError: string | null;
}

export interface Sender {
  /** @returns whether there was room */
  push(item: Item): boolean;
  /** Sends what is there. @returns when it is sent or `withinMs` are over; retries go on in that time */
  flush(withinMs: number): Promise<void>;
  /** Settles after the next try, whatever came of it. */
  drained(): Promise<void>;
  /** The number up to which all are with the server, or dropped. */
  settledUpTo(): number;
  /** What is not known to be with the server, first come first. */
  rest(): readonly Item[];
  status(): SenderStatus;
  close(): void;
}

const BATCH_ITEMS = 100;
/** One request; the server takes 20 MiB. */
const BATCH_BYTES = 4 * 1024 * 1024;
const LINGER_MS = 200;
const TIMEOUT_MS = 30_000;
const FIRST_WAIT_MS = 250;
const MOST_WAIT_MS = 30_000;
/** The key, the address or the server's version is wrong, and not what is sent: it is kept for when that was mended. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 404, 405]);
const REFUSED_WAIT_MS = 30_000;
const TOLD_SEQUENCES = 100;

/** Sends in batches, one after another and in order, until the server has each. */
export function createSender(api: Api, options: SenderOptions): Sender {
  return new BatchSender(api, options);
}

class BatchSender implements Sender {
  readonly #api: Api;
  readonly #options: SenderOptions;
  readonly #mostItems: number;
  readonly #mostBytes: number;
  #items: Item[] = [];
  #bytes = 0;
  /** How many a batch may have: fewer after one that was too large. */
  #most = BATCH_ITEMS;
  #isSending = false;
  #failures = 0;
  #settledUpTo = 0;
  #cancelTimer: (() => void) | null = null;
  #isClosed = false;
  /** Those that wait for the queue to be empty: the process stays alive for them. */
  #flushing = 0;
  #wake: () => void = () => undefined;
  readonly #counts = { accepted: 0, conflicts: 0, dropped: 0, retries: 0 };
  #droppedSequences: number[] = [];
  #lastError: string | null = null;

  constructor(api: Api, options: SenderOptions) {
    this.#api = api;
    this.#options = options;
    this.#mostItems = options.mostItems ?? 10_000;
    this.#mostBytes = options.mostBytes ?? 16 * 1024 * 1024;
  }

  push(item: Item): boolean {
    const hasRoom =
      this.#items.length < this.#mostItems && this.#bytes + item.bytes <= this.#mostBytes;
    if (this.#isClosed || !hasRoom) {
      this.#drop([item], this.#isClosed ? "The guard was closed." : "The queue is full.");
      return false;
    }
    this.#items.push(item);
    this.#bytes += item.bytes;
    if (this.#items.length === this.#most && this.#failures === 0) this.#sendIn(0);
    else this.#cancelTimer ??= later(LINGER_MS, () => this.#sendNow());
    return true;
  }

  async flush(withinMs: number): Promise<void> {
    const endMs = Date.now() + withinMs;
    this.#flushing++;
    try {
      while (this.#items.length > 0 && !this.#isClosed && Date.now() < endMs) {
        // What waits for its next try does not wait any longer the first time.
        const sent = this.#isSending ? this.drained() : this.#send();
        await within(endMs, sent);
        if (this.#items.length === 0 || this.#failures === 0) continue;
        await within(Math.min(endMs, Date.now() + this.#waitMs()), null);
      }
    } finally {
      this.#flushing--;
    }
  }

  settledUpTo(): number {
    return this.#settledUpTo;
  }

  rest(): readonly Item[] {
    return this.#items;
  }

  status(): SenderStatus {
    return {
      queued: this.#items.length,
      queuedBytes: this.#bytes,
      ...this.#counts,
      droppedSequences: [...this.#droppedSequences],
      lastError: this.#lastError,
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
    this.#wake();
  }

  #sendNow(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    void this.#send();
  }

  drained(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake;
      this.#wake = () => {
        before();
        resolve();
      };
    });
  }

  async #send(): Promise<void> {
    if (this.#isSending || this.#items.length === 0 || this.#isClosed) return;
    this.#isSending = true;
    const batch = this.#takeBatch();
    let waitMs: number | null = null;
    try {
      waitMs = this.#settle(batch, await this.#post(batch));
    } catch (error) {
      waitMs = this.#retryLater(String(error), null);
    }
    this.#isSending = false;
    const wake = this.#wake;
    this.#wake = () => undefined;
    wake();
    if (this.#items.length === 0 || this.#isClosed) return;
    this.#sendIn(waitMs ?? 0);
  }

  /** Also what is sent at once has a turn of its own: to begin a request costs more than a call that only queues. */
  #sendIn(waitMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = later(waitMs, () => this.#sendNow());
  }

  #takeBatch(): Item[] {
    let bytes = 0;
    let count = 0;
    for (const item of this.#items) {
      bytes += item.bytes;
      if (count === this.#most || (count > 0 && bytes > BATCH_BYTES)) break;
      count++;
    }
    return this.#items.slice(0, count);
  }

  #post(batch: readonly Item[]): Promise<Answer> {
    const { path, list } = this.#options;
    return this.#api.ask({
      method: "POST",
      path,
      body: `{"${list}":[${batch.map(({ text }) => text).join(",")}]}`,
      timeoutMs: TIMEOUT_MS,
      isAwaited: this.#flushing > 0,
    });
  }

  /** @returns how long to wait for the next batch, milliseconds; null: not at all */
  #settle(batch: readonly Item[], answer: Answer): number | null {
    const { status } = answer;
    if (status >= 200 && status < 300) {
      this.#count(batch, answer.text);
      this.#most = Math.min(BATCH_ITEMS, this.#most * 2);
      return this.#remove(batch);
    }
    if (status === 413 && batch.length > 1) {
      this.#most = Math.ceil(batch.length / 2);
      return null;
    }
    if (REFUSED.has(status)) return this.#retryLater(explainAnswer(answer), REFUSED_WAIT_MS);
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      const faults = readResult(answer.text);
      // Each has its own fault, or they were the same as before and said something else.
      if (status === 422 && faults && faults.rejected.length + faults.conflicts > 0)
        this.#count(batch, answer.text);
      else this.#drop(batch, explainAnswer(answer));
      return this.#remove(batch);
    }
    return this.#retryLater(explainAnswer(answer), retryAfterOf(answer));
  }

  #count(batch: readonly Item[], text: string): void {
    const result = readResult(text);
    const rejected = (result?.rejected ?? []).flatMap(({ index, why }) => {
      const item = batch[index];
      return item ? [{ item, why }] : [];
    });
    for (const { item, why } of rejected) this.#drop([item], why);
    const conflicts = result?.conflicts ?? 0;
    this.#counts.conflicts += conflicts;
    this.#counts.accepted += batch.length - rejected.length - conflicts;
  }

  #remove(batch: readonly Item[]): null {
    this.#items = this.#items.slice(batch.length);
    for (const { bytes } of batch) this.#bytes -= bytes;
    this.#settledUpTo = Math.max(this.#settledUpTo, batch.at(-1)?.sequence ?? 0);
    this.#failures = 0;
    return null;
  }

  #retryLater(error: string, waitMs: number | null): number {
    this.#lastError = error;
    this.#counts.retries++;
    this.#failures++;
    return Math.max(waitMs ?? 0, this.#waitMs());
  }

  #waitMs(): number {
    return jitter(Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - 1)));
  }

  #drop(items: readonly Item[], why: string): void {
    this.#lastError = why;
    this.#counts.dropped += items.length;
    const sequences = [...this.#droppedSequences, ...items.map(({ sequence }) => sequence)];
    this.#droppedSequences = sequences.slice(-TOLD_SEQUENCES);
  }
}

/** Waits for `work`, until `endMs` at the most. It keeps the process: this is what flushing at its end waits for. */
function within(endMs: number, work: Promise<void> | null): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, endMs - Date.now()));
    void work?.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
