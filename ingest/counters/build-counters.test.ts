import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BudgetWorld } from "@/ingest/testing/budget-world";
import type { WorldCall } from "@/ingest/testing/expect-counters";
import {
  openTestCorrections,
  type TestCorrections,
} from "@/lib/corrections/testing/open-test-corrections";
import { propertyRuns } from "@/lib/testing/property-runs";

let kit: TestCorrections;
beforeAll(async () => {
  kit = await openTestCorrections();
  // The test runs corrections itself, so that it can cut them short.
  await kit.job.close();
});
afterAll(() => kit.close());

const call = fc.record<WorldCall>({
  agent: fc.constantFrom("a", "b", ""),
  user: fc.constantFrom("u", "v", ""),
  session: fc.constantFrom("s", "t", ""),
  day: fc.nat(1),
  cost: fc.option(fc.bigInt(1n, 10n ** 18n)),
  tokens: fc.integer({ min: 1, max: 5_000 }),
  reservation: fc.option(fc.integer({ min: -3, max: -1 })),
});
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("accept" as const), call }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("count" as const), most: fc.nat(6) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("write" as const), most: fc.nat(6) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("budget" as const), kind: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("build" as const), isCut: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rebuild" as const), index: fc.nat(4) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("reserve" as const), agent: fc.constantFrom("a", "b") }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("correct" as const),
      kind: fc.constantFrom("void" as const, "restore" as const, "reprice" as const),
      index: fc.nat(20),
      isCut: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("correct" as const),
      kind: fc.constant("erase" as const),
      index: fc.nat(20),
      // What was erased beside the name is not known after a cut: see `changedBefore`.
      isCut: fc.constant(false),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("goOn" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function take(world: BudgetWorld, one: Step): Promise<void> {
  if (one.do === "accept") world.accept(one.call);
  else if (one.do === "count") await world.count(one.most);
  else if (one.do === "write") await world.write(one.most);
  else if (one.do === "budget") await world.addBudget(one.kind);
  else if (one.do === "build") await world.build(one.isCut);
  else if (one.do === "rebuild") await world.rebuild(one.index);
  else if (one.do === "reserve") await world.reserve(one.agent);
  else if (one.do === "correct") await world.correct(one.kind, one.index, one.isCut);
  else await world.goOn();
}

test("whatever comes in whatever order, with builds and corrections cut short, counters end as the ledger, and reserved as what is held", {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 50 }), async (steps) => {
      const world = new BudgetWorld(
        { clickhouse: kit.clickhouse, postgres: kit.runtime.postgres },
        kit.runtime,
      );
      await world.open();
      for (const one of steps) await take(world, one);
      await world.settle();
      for (const { counted, expected } of await world.compare()) expect(counted).toEqual(expected);
    }),
    // A failure is told as it was found: each shorter one would take seconds.
    { numRuns: propertyRuns(15), endOnFailure: true },
  );
});
