import type { NewAlert } from "@/lib/alerts/alert";

const MAX_KEYS = 20_000;

/**
 * Keys of alerts that stand in the store already, so that a counter past its stage costs nothing more. Only those that a
 * transaction found there are kept: what it added itself may be rolled back with it.
 */
export class KnownAlerts {
  readonly #keys = new Set<string>();

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** @param asked all that were to be recorded. @param added those that were not there */
  learn(asked: readonly Pick<NewAlert, "key">[], added: readonly Pick<NewAlert, "key">[]): void {
    const isNew = new Set(added.map(({ key }) => key));
    for (const { key } of asked) {
      if (isNew.has(key)) continue;
      // The oldest goes: asking for it again is one statement more, and no second alert.
      const [oldest] = this.#keys.size >= MAX_KEYS ? this.#keys : [];
      if (oldest !== undefined) this.#keys.delete(oldest);
      this.#keys.add(key);
    }
  }
}
