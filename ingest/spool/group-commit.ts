import type { SpoolEvent, SpoolOutcome } from "@/ingest/spool/spool-event";

interface Waiting {
  events: readonly SpoolEvent[];
  bytes: number;
  resolve: (outcomes: SpoolOutcome[]) => void;
  reject: (error: unknown) => void;
}

/** A transaction's worth of rows: past it a commit takes longer, and no more requests share one flush. */
const MAX_GROUP_BYTES = 8 * 1024 * 1024;

/**
 * Group commit: while one transaction is flushed, requests gather for the next, so that one flush serves all
 * that wait. One at a time and in order, which also settles every race between concurrent requests.
 */
export class GroupCommit {
  readonly #commit: (events: readonly SpoolEvent[]) => Promise<SpoolOutcome[]>;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | null = null;

  /** @param commit writes the events durably, or rejects with nothing written. */
  constructor(commit: (events: readonly SpoolEvent[]) => Promise<SpoolOutcome[]>) {
    this.#commit = commit;
  }

  /** Bytes of rows that wait for a commit or are in one. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  append(events: readonly SpoolEvent[]): Promise<SpoolOutcome[]> {
    return new Promise((resolve, reject) => {
      const bytes = events.reduce(
        (sum, { row, content }) => sum + row.length + (content?.length ?? 0),
        0,
      );
      this.#waiting.push({ events, bytes, resolve, reject });
      this.#waitingBytes += bytes;
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /**
   * A group is answered once the next one is on its way to the disk: who is answered sends again, and all of that
   * work is done while the disk works too.
   */
  async #run(): Promise<void> {
    // Those that came in the same turn of the event loop share the first flush.
    await new Promise(setImmediate);
    let answer = (): void => undefined;
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      const committing = this.#commit(group.flatMap((waiting) => waiting.events));
      answer();
      answer = await this.#answerOf(group, committing);
      if (this.#waiting.length > 0) continue;
      answer();
      answer = () => undefined;
    }
    this.#running = null;
  }

  /** @returns tells everybody in the group what became of theirs */
  async #answerOf(
    group: readonly Waiting[],
    committing: Promise<SpoolOutcome[]>,
  ): Promise<() => void> {
    try {
      const outcomes = await committing;
      return () => {
        let start = 0;
        for (const { events, resolve } of group) {
          resolve(outcomes.slice(start, start + events.length));
          start += events.length;
        }
      };
    } catch (error) {
      return () => {
        for (const { reject } of group) reject(error);
      };
    } finally {
      for (const { bytes } of group) this.#waitingBytes -= bytes;
    }
  }

  #takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      if (count > 0 && bytes + waiting.bytes > MAX_GROUP_BYTES) break;
      bytes += waiting.bytes;
      count++;
    }
    return this.#waiting.splice(0, count);
  }
}
