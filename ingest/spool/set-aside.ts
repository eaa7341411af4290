import type { SpoolStore, WriteRunner } from "@/ingest/spool/spool-store";
import type { FieldError } from "@/lib/errors";

/** An accepted event that a reader's store refuses by its content: kept with the reason, blocking nothing. */
export interface PoisonedEvent {
  kind: "poisoned";
  reader: string;
  reason: string;
  /** Milliseconds since 1970. */
  setAsideAtMs: number;
  /** The row as it was to be inserted: one line of `JSONEachRow`. */
  line: string;
  /** The counters follow the spool it was in. False for one that was set aside before they did. */
  isCounted: boolean;
}

/** An event that was not accepted, as somebody will look at it. */
export interface RefusedSample {
  kind: "rejected" | "conflict";
  projectId: string;
  apiKeyId: string;
  /** The fault, without the event's own values. */
  fingerprint: string;
  /** The id it was sent with, where that can be shown. */
  eventId: string | null;
  errors: FieldError[];
  /** Its JSON, without prompts and answers. */
  body: string;
  isTruncated: boolean;
  isContentDropped: boolean;
  /** Milliseconds since 1970. */
  receivedAtMs: number;
}

/** How many events had a fault on a UTC day. */
export interface FaultCount {
  projectId: string;
  /** `2026-11-21`. */
  day: string;
  kind: "rejected" | "conflict" | "poisoned";
  fingerprint: string;
  /** The fault in words. */
  message: string;
  events: number;
  /** Milliseconds since 1970. */
  lastAtMs: number;
}

export type SetAsideEntry =
  | PoisonedEvent
  | RefusedSample
  | { kind: "counts"; counts: FaultCount[] };

/** What the spool keeps for people: entries under running numbers, moved elsewhere in their order. */
export class SetAside {
  readonly #store: SpoolStore;
  #lastKey: number;
  /** Samples that are kept; poisoned events and counts are not samples. */
  #samples = 0;
  #samplesBytes = 0;

  constructor(store: SpoolStore) {
    this.#store = store;
    // Kept apart from the entries: numbers of entries that were moved are never given again.
    this.#lastKey = Number(store.facts.get("last_set_aside") ?? 0);
    for (const { key, value } of store.setAside.getRange({})) {
      this.#lastKey = Math.max(this.#lastKey, key);
      if (isSample(readEntry(value))) this.#note(1, value.length);
    }
  }

  /** The last number given; everything ever set aside is at or below it. */
  get lastKey(): number {
    return this.#lastKey;
  }

  /** Adds entries inside a transaction. */
  write(entries: readonly SetAsideEntry[], run: WriteRunner): void {
    if (entries.length === 0) return;
    for (const entry of entries) {
      const text = JSON.stringify(entry);
      run(this.#store.setAside.put(++this.#lastKey, text));
      if (isSample(entry)) this.#note(1, text.length);
    }
    run(this.#store.facts.put("last_set_aside", String(this.#lastKey)));
  }

  /** Adds entries, flushed when it resolves; where samples pass a bound, the oldest of them go. */
  async add(
    entries: readonly SetAsideEntry[],
    bounds: { samples: number; bytes: number },
  ): Promise<void> {
    await this.#store.commit((run) => {
      this.write(entries, run);
      if (this.#samples <= bounds.samples && this.#samplesBytes <= bounds.bytes) return;
      for (const { key, value } of this.#store.setAside.getRange({})) {
        if (this.#samples <= bounds.samples && this.#samplesBytes <= bounds.bytes) break;
        if (!isSample(readEntry(value))) continue;
        run(this.#store.setAside.remove(key));
        this.#note(-1, -value.length);
      }
    });
  }

  /** Entries in order, oldest first. @param end the last number wanted. */
  list(limit: number, end = Number.MAX_SAFE_INTEGER): { key: number; entry: SetAsideEntry }[] {
    const range = this.#store.setAside.getRange({ limit, end: end + 1 });
    return [...range].map(({ key, value }) => ({ key, entry: readEntry(value) }));
  }

  /** Forgets every entry up to a number: it is kept elsewhere. */
  async remove(upTo: number): Promise<void> {
    await this.#store.commit((run) => {
      for (const { key, value } of this.#store.setAside.getRange({ end: upTo + 1 })) {
        run(this.#store.setAside.remove(key));
        if (isSample(readEntry(value))) this.#note(-1, -value.length);
      }
    });
  }

  #note(samples: number, bytes: number): void {
    this.#samples += samples;
    this.#samplesBytes += bytes;
  }
}

function isSample(entry: SetAsideEntry): entry is RefusedSample {
  return entry.kind === "rejected" || entry.kind === "conflict";
}

/** Entries of before the counters have no kind. */
function readEntry(text: string): SetAsideEntry {
  const entry = JSON.parse(text) as Partial<SetAsideEntry>;
  if (entry.kind !== undefined) return entry as SetAsideEntry;
  return { ...(entry as PoisonedEvent), kind: "poisoned", isCounted: false };
}
