import type { Amounts, Policy, PolicyBudget } from "./policy.ts";
import type { PolicySet } from "./policy-sets.ts";

/** What a call spent, or is estimated to while it is under way. */
export interface RecentCall {
  amounts: Amounts;
  /** The number of its event; null: it is under way. */
  sequence: number | null;
}

/** What this process spent of each budget beyond what the server's last answer says. */
export interface RecentSpend {
  /** Counts a call in the budgets that bind it; its amounts may change until it has ended. */
  begin(policy: Policy, call: RecentCall): void;
  end(policy: Policy, call: RecentCall): void;
  of(budget: PolicyBudget): Amounts | null;
  /** The server's figures came: what it has counted in them is forgotten. */
  onAnswer(set: PolicySet): void;
}

interface Counter {
  open: Set<RecentCall>;
  /** Of calls that ended since the last answer, and of those before it that it may not have in it. */
  now: Amounts;
  before: Amounts;
  /** The last event in `now` and in `before`. */
  nowUpTo: number;
  beforeUpTo: number;
}

const none = (): Amounts => ({ usd: 0n, tokens: 0, calls: 0, tool_calls: 0, seconds: 0 });

/**
 * Makes it. An event is in the server's figures a moment after it was taken; so what ended before an answer is forgotten
 * with the next one, if it was delivered by then: for some seconds too much is counted, which only makes the guard ask.
 * @param deliveredUpTo the number of the last event up to which the server has all
 */
export function createRecentSpend(deliveredUpTo: () => number): RecentSpend {
  const counters = new Map<string, Counter>();
  const counterOf = (budget: PolicyBudget): Counter => {
    let counter = counters.get(budget.key);
    if (!counter) {
      counter = { open: new Set(), now: none(), before: none(), nowUpTo: 0, beforeUpTo: 0 };
      counters.set(budget.key, counter);
    }
    return counter;
  };
  const isCounted = ({ mode }: PolicyBudget) => mode === "enforce";
  return {
    begin(policy, call) {
      for (const budget of policy.budgets) if (isCounted(budget)) counterOf(budget).open.add(call);
    },
    end(policy, call) {
      for (const budget of policy.budgets) {
        if (!isCounted(budget)) continue;
        const counter = counterOf(budget);
        counter.open.delete(call);
        if (call.sequence === null) continue;
        add(counter.now, call.amounts);
        counter.nowUpTo = Math.max(counter.nowUpTo, call.sequence);
      }
    },
    of(budget) {
      const counter = counters.get(budget.key);
      if (!counter) return null;
      const sum = none();
      add(sum, counter.now);
      add(sum, counter.before);
      for (const { amounts } of counter.open) add(sum, amounts);
      return sum;
    },
    onAnswer({ policy }) {
      const delivered = deliveredUpTo();
      for (const budget of policy.budgets) {
        const counter = counters.get(budget.key);
        if (!counter) continue;
        if (counter.beforeUpTo <= delivered) counter.before = none();
        add(counter.before, counter.now);
        counter.beforeUpTo = Math.max(counter.beforeUpTo, counter.nowUpTo);
        counter.now = none();
        if (isEmpty(counter)) counters.delete(budget.key);
      }
    },
  };
}

function isEmpty({ open, before }: Counter): boolean {
  return open.size === 0 && before.calls === 0 && before.tool_calls === 0;
}

function add(sum: Amounts, part: Amounts): void {
  sum.usd += part.usd;
  sum.tokens += part.tokens;
  sum.calls += part.calls;
  sum.tool_calls += part.tool_calls;
  sum.seconds += part.seconds;
}
