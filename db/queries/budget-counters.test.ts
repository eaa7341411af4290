import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import {
  addToBudgetCounters,
  lockBudgetCounters,
  readBudgetCounters,
} from "@/db/queries/budget-counters";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());

const keyOf = (value: string, period = "") => {
  return { budgetId: BUDGET, generation: 1, value, period };
};
const BUDGET = randomUUID();

test("counters are made, moved and read to the last digit, whatever their values are called", async () => {
  const odd = keyOf(`a'"\\ 😀\n%`, "2026-11-01T00:00:00Z");
  await postgres.db.transaction(async (tx) => {
    const [made] = await lockBudgetCounters(tx, [odd, odd]);
    expect(made).toMatchObject({ ...odd, spentUsd: "0.000000000000000", reservedTokens: "0" });
    await addToBudgetCounters(tx, [
      { ...odd, reservedUsd: "0.000000000000001", reservedTokens: "9007199254740993" },
      { ...odd, reservedUsd: "1234567890123456789012.1" },
      { ...keyOf("other"), spentCalls: "3" },
    ]);
    await addToBudgetCounters(tx, [{ ...odd, reservedTokens: "-1", spentUsd: "-0.5" }]);
  });
  const rows = await readBudgetCounters(postgres.db, [odd, keyOf("other"), keyOf("nobody")]);
  expect(rows).toHaveLength(2);
  expect(rows.find(({ value }) => value === odd.value)).toMatchObject({
    reservedUsd: "1234567890123456789012.100000000000001",
    reservedTokens: "9007199254740992",
    spentUsd: "-0.500000000000000",
  });
  expect(rows.find(({ value }) => value === "other")).toMatchObject({ spentCalls: "3" });
});

test("locked counters come in the order of their keys' bytes", async () => {
  const keys = ["b", "B", "a", "Ä", ""].map((value) => keyOf(value, "order"));
  const rows = await postgres.db.transaction((tx) => lockBudgetCounters(tx, keys));
  expect(rows.map(({ value }) => value)).toEqual(["", "B", "a", "b", "Ä"]);
});
