import { setTimeout as sleep } from "node:timers/promises";
import { Journal } from "@/ingest/spool/journal";
import { findArrival, type StagedGroup } from "@/ingest/spool/staged-group";
import type { Log } from "@/lib/log";

/** Past it a group goes to LMDB directly: one flush more is little then, and the bytes are written once. */
const MAX_JOURNAL_GROUP_BYTES = 64 * 1024;
/** At most one transaction in so long, or for so much: it costs nearly the same for one group as for twenty. */
const STORE_EVERY_MS = 100;
const STORE_PAST_BYTES = 512 * 1024;
const RETRY_MS = 1_000;

/**
 * Makes groups durable, in their order: small ones by the journal, to be stored in LMDB soon with others; large ones
 * by LMDB itself, together with all before them.
 */
export class WriteAhead {
  readonly #journal: Journal | null;
  readonly #store: (groups: readonly StagedGroup[]) => Promise<void>;
  readonly #log: Log;
  /** Durable in the journal, and not in LMDB yet. */
  #staged: StagedGroup[] = [];
  #stagedBytes = 0;
  /** One transaction at a time. */
  #storing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #nextStoreMs = 0;
  #retryAtMs = 0;
  #isClosed = false;

  /**
   * @param options.store writes groups to LMDB as one transaction: resolves when they are flushed, rejects when nothing
   * of them is there.
   */
  constructor(options: {
    dir: string;
    store: (groups: readonly StagedGroup[]) => Promise<void>;
    log: Log;
  }) {
    this.#store = options.store;
    this.#log = options.log;
    this.#journal = this.#openJournal(options.dir);
  }

  #openJournal(dir: string): Journal | null {
    try {
      return Journal.open(dir);
    } catch (error) {
      this.#log.warn({ err: error }, "the spool has no journal: small requests are slower");
      return null;
    }
  }

  /** Bytes that wait for LMDB. */
  get stagedBytes(): number {
    return this.#stagedBytes;
  }

  /** Arrival of a record that LMDB has not yet, microseconds since 1970; null where it is none of these. */
  arrivalOf(sequence: number): number | null {
    return findArrival(this.#staged, sequence);
  }

  /**
   * Resolves when the group is durable. One at a time, in order.
   * @throws the disk's error; then it is not in the spool.
   */
  async append(group: StagedGroup): Promise<void> {
    const bytes = bytesOf(group);
    const isJournaled = bytes <= MAX_JOURNAL_GROUP_BYTES && (await this.#appendToJournal(group));
    this.#staged.push(group);
    this.#stagedBytes += bytes;
    if (isJournaled) this.#storeSoon();
    else await this.#storeNow(group);
  }

  async #appendToJournal(group: StagedGroup): Promise<boolean> {
    if (!this.#journal) return false;
    try {
      return await this.#journal.append(group);
    } catch (error) {
      this.#log.error({ err: error }, "the spool's journal could not be written; it is left alone");
      return false;
    }
  }

  /** Resolves when LMDB has all that was appended before. @throws its error */
  async settle(): Promise<void> {
    const last = this.#staged.at(-1);
    const isStored = (): boolean => !last || !this.#staged.includes(last);
    if (isStored()) return;
    await this.#storing.catch(() => undefined);
    // Not at once: for a reader that is always at the end that would be a transaction each time it asks.
    const waitMs = this.#nextStoreMs - performance.now();
    if (!isStored() && waitMs > 0) await sleep(waitMs);
    if (!isStored()) await this.#storeStaged();
  }

  /** Stores what it can; what LMDB refuses stays in the journal. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#storeStaged().catch((error: unknown) => {
      this.#log.error({ err: error }, "the spool's journal is kept for the next start");
    });
    this.#journal?.close();
  }

  #storeSoon(): void {
    const isDue = this.#stagedBytes >= STORE_PAST_BYTES;
    if (this.#isClosed || (this.#timer && !isDue)) return;
    clearTimeout(this.#timer);
    const atMs = Math.max(isDue ? 0 : this.#nextStoreMs, this.#retryAtMs);
    const turn = (): void => void this.#storeInTurn();
    this.#timer = setTimeout(turn, Math.max(0, atMs - performance.now()));
  }

  async #storeInTurn(): Promise<void> {
    try {
      await this.#storeStaged();
    } catch (error) {
      this.#log.error({ err: error }, "the spool cannot be written; its journal keeps the events");
      this.#retryAtMs = performance.now() + RETRY_MS;
      this.#storeSoon();
    }
  }

  async #storeNow(group: StagedGroup): Promise<void> {
    try {
      await this.#storeStaged();
    } catch (error) {
      // What came before it is in the journal and is tried again; this one is refused.
      if (this.#staged.at(-1) === group) {
        this.#staged.pop();
        this.#stagedBytes -= bytesOf(group);
      }
      throw error;
    }
  }

  #storeStaged(): Promise<void> {
    const turn = this.#storing.catch(() => undefined).then(() => this.#storeOnce());
    this.#storing = turn;
    turn.catch(() => undefined);
    return turn;
  }

  async #storeOnce(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const groups = [...this.#staged];
    const [first] = groups;
    if (!first) return;
    this.#nextStoreMs = performance.now() + STORE_EVERY_MS;
    this.#journal?.turn(first.firstSequence - 1);
    await this.#store(groups);
    this.#staged.splice(0, groups.length);
    for (const group of groups) this.#stagedBytes -= bytesOf(group);
  }
}

function bytesOf({ records, contents }: StagedGroup): number {
  return [...records, ...contents].reduce((sum, part) => sum + part.length, 0);
}
