import type { CounterFigures, CounterKey, CounterMove } from "@/db/queries/budget-counters";
import type { Spent } from "@/lib/budgets/measure-call";
import { formatUsd, parseUsd } from "@/lib/money";
import type { Hold } from "@/lib/reservations/hold";

type Figures = { [K in keyof CounterFigures]?: bigint };

/** Moves of counters, added up: thousands of calls of a block move a few. Dollars are femto-dollars in here. */
export class CounterMoves {
  readonly #sums = new Map<string, { key: CounterKey; figures: Figures }>();

  add(key: CounterKey, figures: Figures): void {
    // No value and no period holds a zero byte.
    const name = `${key.budgetId}\0${key.generation}\0${key.value}\0${key.period}`;
    let sum = this.#sums.get(name);
    if (!sum) {
      sum = { key, figures: {} };
      this.#sums.set(name, sum);
    }
    for (const figure of Object.keys(figures) as (keyof Figures)[]) {
      const more = figures[figure];
      if (more) sum.figures[figure] = (sum.figures[figure] ?? 0n) + more;
    }
  }

  /** Adds what a call counts, times `sign`. */
  addSpent(key: CounterKey, spent: Spent, sign: 1n | -1n): void {
    this.add(key, {
      spentUsd: sign * spent.usd,
      spentTokens: sign * spent.tokens,
      spentCalls: sign * spent.calls,
      spentToolCalls: sign * spent.toolCalls,
      spentMs: sign * spent.ms,
      unknownCosts: sign * spent.unknownCosts,
    });
  }

  /** Adds what a reservation holds, times `sign`. */
  addHold(key: CounterKey, hold: Hold, sign: 1n | -1n): void {
    this.add(key, {
      reservedUsd: sign * femtoUsdOf(hold),
      reservedTokens: sign * BigInt(hold.tokens),
      reservedCalls: sign * BigInt(hold.calls),
      reservedToolCalls: sign * BigInt(hold.tool_calls),
    });
  }

  keys(): CounterKey[] {
    return [...this.#sums.values()].map(({ key }) => key);
  }

  /** What is to be written; counters that stay where they are left out. */
  list(): CounterMove[] {
    return [...this.#sums.values()].flatMap(({ key, figures }) => {
      const moved = Object.entries(figures).filter(([, by]) => by !== 0n);
      if (moved.length === 0) return [];
      const texts = moved.map(([name, by]) => [name, textOf(name, by)]);
      return [{ ...key, ...(Object.fromEntries(texts) as Partial<CounterFigures>) }];
    });
  }
}

function textOf(name: string, by: bigint): string {
  return name.endsWith("Usd") ? formatUsd(by) : by.toString();
}

/** What a hold holds. @throws RangeError: what cannot be read must not be 0 */
export function femtoUsdOf({ usd }: Pick<Hold, "usd">): bigint {
  const femtoUsd = parseUsd(usd);
  if (femtoUsd === null) throw new RangeError(`not an amount of money: ${usd}`);
  return femtoUsd;
}
