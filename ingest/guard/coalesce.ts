/**
 * Asks the same for all who want to know it at once. Whoever comes while it is being asked shares the next asking, which
 * begins when that one has ended: nobody is answered by what was read before they came.
 */
export class Coalesced<Answer> {
  readonly #turns = new Map<string, { running: Promise<unknown>; next: Promise<Answer> | null }>();

  /** @param name of what is asked; the same for the same answer */
  ask(name: string, read: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#turns.get(name);
    if (!turn) return this.#begin(name, read);
    turn.next ??= turn.running.then(() => this.#begin(name, read));
    return turn.next;
  }

  #begin(name: string, read: () => Promise<Answer>): Promise<Answer> {
    const answer = read();
    const turn = {
      running: answer.then(
        () => undefined,
        () => undefined,
      ),
      next: null,
    };
    this.#turns.set(name, turn);
    void turn.running.then(() => {
      if (this.#turns.get(name) === turn && turn.next === null) this.#turns.delete(name);
    });
    return answer;
  }
}
