import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import {
  addToBudgetCounters,
  type LockedCounter,
  lockBudgetCounters,
} from "@/db/queries/budget-counters";
import { commitHolds, isIdStored } from "@/db/queries/commit-holds";
import { changePolicyVersion, readPolicyVersion } from "@/db/queries/policy";
import type { NewReservation } from "@/db/queries/reservations";
import { refusals, reservations } from "@/db/schema/budgets";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";

let postgres: Postgres;
let projectId: string;
let seen: LockedCounter[];
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());
beforeEach(async () => {
  projectId = randomUUID();
  const budgetId = randomUUID();
  const keys = ["a", "b"].map((value) => ({ budgetId, generation: 1, value, period: "" }));
  await postgres.db.transaction((tx) => lockBudgetCounters(tx, keys));
  // Again: what a transaction made is committed under its number.
  seen = await postgres.db.transaction((tx) => lockBudgetCounters(tx, keys));
});

const take = (row: LockedCounter | undefined, calls: number) => {
  if (!row) throw new Error("there is no such counter");
  const { budgetId, generation, value, period, rowVersion } = row;
  const amounts = { usd: `${calls}.5`, tokens: `${calls * 10}`, calls: `${calls}`, toolCalls: "0" };
  const key = { budgetId, generation, value, period, rowVersion };
  return { ...key, ...amounts, throttleMinute: calls, throttleCalls: calls };
};
const made = (id: string): NewReservation => ({
  projectId,
  id,
  decision: "allow",
  type: "llm",
  agent: `a'"\\ 😀\n%`,
  task: null,
  taskType: null,
  feature: null,
  user: null,
  session: null,
  traceId: null,
  provider: "openai",
  model: "gpt-4o",
  reservedUsd: "1.5",
  holds: [{ usd: "1.5" }],
  reasons: [],
  apiKeyId: null,
  bodyHash: null,
  createdAtMs: 1_000,
  expiresAtMs: 2_000,
});
const refusal = () => ({
  projectId,
  hourMs: 0,
  sourceId: randomUUID(),
  code: "budget_exceeded",
  value: "a",
  agent: "",
  feature: "",
  model: "",
  calls: 2,
  estimatedUsd: "0.5",
  lastAtMs: 1,
  message: "no",
});
const commit = async (writes: Partial<Parameters<typeof commitHolds>[1]>) => {
  const policyVersion = await readPolicyVersion(postgres.db);
  return commitHolds(postgres.db, { policyVersion, takes: [], made: [], refused: [], ...writes });
};
const now = () =>
  postgres.db.transaction((tx) =>
    lockBudgetCounters(
      tx,
      seen.map(({ budgetId, generation, value, period }) => {
        return { budgetId, generation, value, period };
      }),
    ),
  );
const stored = () =>
  postgres.db.select().from(reservations).where(eq(reservations.projectId, projectId));
const refused = () => postgres.db.select().from(refusals).where(eq(refusals.projectId, projectId));

test("counters, reservations and refusals are written together, and the version told is the one to go on from", async () => {
  const [a, b] = seen;
  const first = await commit({ takes: [take(a, 2), take(b, 0)], made: [made("1"), made("2")] });
  expect(await now()).toMatchObject([
    {
      reservedUsd: "2.500000000000000",
      reservedTokens: "20",
      reservedCalls: "2",
      rowVersion: first,
    },
    { reservedUsd: "0.000000000000000", reservedCalls: "0", rowVersion: b?.rowVersion },
  ]);
  const again = { ...take(a, 1), rowVersion: first ?? "" };
  expect(await commit({ takes: [again], made: [made("3")], refused: [refusal()] })).toMatch(
    /^\d+$/,
  );
  const [moved] = await now();
  expect(moved).toMatchObject({ reservedUsd: "4.000000000000000", throttleCalls: 1 });
  const rows = await stored();
  expect(rows.map(({ id }) => id).sort()).toEqual(["1", "2", "3"]);
  expect(rows[0]).toMatchObject({
    state: "held",
    agent: made("1").agent,
    reservedUsd: "1.500000000000000",
    holds: [{ usd: "1.5" }],
    createdAt: new Date(1_000),
    expiresAt: new Date(2_000),
  });
  expect(await refused()).toMatchObject([{ calls: 2n, estimatedUsd: "0.500000000000000" }]);
});

test("where one of the counters is another than was looked at, none moves and nothing is stored", async () => {
  const [a, b] = seen;
  if (!b) throw new Error("there is no counter");
  const { budgetId, generation, value, period } = b;
  const key = { budgetId, generation, value, period };
  // Whatever moves: also what no decision depends on.
  await addToBudgetCounters(postgres.db, [{ ...key, unreservedEvents: "1" }]);
  const writes = { takes: [take(a, 1), take(b, 1)], made: [made("1")], refused: [refusal()] };
  expect(await commit(writes)).toBeNull();
  // Also where nothing would be taken of it: by it was decided.
  expect(await commit({ ...writes, takes: [take(a, 1), take(b, 0)] })).toBeNull();
  expect(await now()).toMatchObject([{ reservedCalls: "0" }, { reservedCalls: "0" }]);
  expect(await stored()).toEqual([]);
  expect(await refused()).toEqual([]);
});

test("what was decided by another policy is not written", async () => {
  const [a] = seen;
  const policyVersion = await readPolicyVersion(postgres.db);
  await postgres.db.transaction((tx) => changePolicyVersion(tx));
  expect(await commit({ policyVersion, takes: [take(a, 1)], made: [made("1")] })).toBeNull();
  expect(await stored()).toEqual([]);
  expect((await now())[0]).toMatchObject({ reservedCalls: "0" });
});

test("an id that is there takes everything back, and says so", async () => {
  const [a, b] = seen;
  const first = await commit({ takes: [take(a, 1)], made: [made("1")] });
  const takes = [{ ...take(a, 1), rowVersion: first ?? "" }, take(b, 1)];
  const error = await commit({ takes, made: [made("2"), made("1")] }).catch((e: unknown) => e);
  expect(isIdStored(error)).toBe(true);
  expect(await now()).toMatchObject([{ reservedCalls: "1" }, { reservedCalls: "0" }]);
  expect(await stored()).toHaveLength(1);
});
