/**
 * A map that keeps the entries used last. Names come from clients, so an unbounded one is a way to fill our memory.
 */
export class RecentMap<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #maxEntries: number;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value of `key`, made by `make` where it is not kept. */
  getOrMake(key: string, make: () => Value): Value {
    const kept = this.#entries.get(key);
    // Moving an entry on every hit costs more than the lookup; it is moved only once the map is full.
    if (kept !== undefined && this.#entries.size < this.#maxEntries) return kept;
    const value = kept ?? make();
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#maxEntries) this.#dropOldest();
    return value;
  }

  #dropOldest(): void {
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }
}
