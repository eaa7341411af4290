import { type SpoolStore, usedBytes, type WriteRunner } from "@/ingest/spool/spool-store";

/** Lines of `JSONEachRow` of `call_contents`, and the number of the last of their records. */
export interface ContentBlock {
  lines: string;
  rows: number;
  upTo: number;
}

/**
 * What was said in calls, in the spool until it is stored. It has one reader, so it needs no mark: what is done is
 * removed. It shares the transaction of the events: what was said is on disk when, and only when, its event is.
 */
export class ContentLog {
  readonly #store: SpoolStore;
  /** Above every number that was given: a number is used again only where its record was stored and removed. */
  #last: number;

  constructor(store: SpoolStore) {
    this.#store = store;
    this.#last = [...store.contents.getKeys({ reverse: true, limit: 1 })][0] ?? 0;
  }

  /** Adds rows inside a transaction: a record each. */
  write(rows: readonly Buffer[], run: WriteRunner): void {
    for (const row of rows) run(this.#store.contents.put(++this.#last, row));
  }

  isEmpty(): boolean {
    return [...this.#store.contents.getKeys({ limit: 1 })].length === 0;
  }

  /** The oldest rows, at least one; null where there is none. */
  read(limits: { rows: number; bytes: number }): ContentBlock | null {
    const parts: Buffer[] = [];
    let bytes = 0;
    let upTo = 0;
    for (const { key, value } of this.#store.contents.getRange({ limit: limits.rows })) {
      if (parts.length > 0 && bytes + value.length > limits.bytes) break;
      parts.push(value);
      bytes += value.length;
      upTo = key;
    }
    if (parts.length === 0) return null;
    return { lines: Buffer.concat(parts).toString("utf8"), rows: parts.length, upTo };
  }

  /** Forgets every row up to a number: it is stored. */
  async remove(upTo: number): Promise<void> {
    await this.#store.commit((run) => {
      for (const key of this.#store.contents.getKeys({ end: upTo + 1 })) {
        run(this.#store.contents.remove(key));
      }
    });
  }

  usedBytes(): number {
    return usedBytes(this.#store.contents);
  }
}
