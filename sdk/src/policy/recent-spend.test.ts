import fc from "fast-check";
import { expect, test } from "vitest";
import { type Amounts, type Policy, readPolicy } from "./policy.ts";
import { createRecentSpend, type RecentCall } from "./recent-spend.ts";

const budget = (id: string, mode: string) => ({ id, value: "a", mode, limits: { usd: "1" } });
const policy: Policy = readPolicy({
  version: 1,
  budgets: [budget("b", "enforce"), budget("watched", "observe")],
});
const [counted, watched] = policy.budgets;
if (!counted || !watched) throw new Error("there are two budgets");
const amounts = (calls: number): Amounts => ({
  usd: BigInt(calls) * 7n,
  tokens: calls * 3,
  calls,
  tool_calls: 0,
  seconds: calls / 2,
});

test("what is under way counts by its estimate, what has ended by what it used, in budgets that refuse only", () => {
  const recent = createRecentSpend(() => 0);
  const call: RecentCall = { amounts: amounts(1), sequence: null };
  recent.begin(policy, call);
  expect(recent.of(counted)).toEqual(amounts(1));
  Object.assign(call, { amounts: amounts(4), sequence: 1 });
  recent.end(policy, call);
  expect(recent.of(counted)).toEqual(amounts(4));
  const dropped: RecentCall = { amounts: amounts(9), sequence: null };
  recent.begin(policy, dropped);
  recent.end(policy, dropped);
  expect(recent.of(counted)).toEqual(amounts(4));
  expect(recent.of(watched)).toBeNull();
});

test("whatever the order of ends, deliveries and answers, no call is forgotten before an answer that has it", () => {
  const step = fc.oneof(fc.constant("end"), fc.constant("deliver"), fc.constant("answer"));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let ended = 0;
      let delivered = 0;
      // A server may count what it took a moment after it said so: surely only what was there before the last answer.
      let surelyTold = 0;
      let deliveredAtLastAnswer = 0;
      const recent = createRecentSpend(() => delivered);
      for (const one of steps) {
        if (one === "end") {
          ended++;
          const call: RecentCall = { amounts: amounts(1), sequence: ended };
          recent.begin(policy, call);
          recent.end(policy, call);
        } else if (one === "deliver") delivered = ended;
        else {
          recent.onAnswer({ policy, askedAt: 0 });
          surelyTold = deliveredAtLastAnswer;
          deliveredAtLastAnswer = delivered;
        }
        const remembered = recent.of(counted)?.calls ?? 0;
        expect(remembered).toBeGreaterThanOrEqual(
          ended - Math.max(surelyTold, deliveredAtLastAnswer),
        );
        expect(remembered).toBeLessThanOrEqual(ended);
      }
      // Two answers after all was delivered, nothing is left.
      delivered = ended;
      for (let answer = 0; answer < 3; answer += 1) recent.onAnswer({ policy, askedAt: 0 });
      expect(recent.of(counted)?.calls ?? 0).toBe(0);
    }),
  );
});
