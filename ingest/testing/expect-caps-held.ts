import { and, eq, inArray } from "drizzle-orm";
import { expect } from "vitest";
import type { Postgres } from "@/db/postgres";
import { type CounterRow, listBudgetCounters } from "@/db/queries/budget-counters";
import { holdPolicyVersion } from "@/db/queries/policy";
import { budgets, reservations } from "@/db/schema/budgets";
import type { AgentTally, KnownHold } from "@/ingest/testing/capped-agent";
import type { TestIngest } from "@/ingest/testing/open-ingest";
import { readUsd } from "@/lib/budgets/budget-row";
import { formatUsd } from "@/lib/money";

type BudgetRow = typeof budgets.$inferSelect;
type Project = "default" | "other";
export type Tallies = Record<Project, AgentTally>;

/** What cannot be read fails: as 0 it would equal another 0. */
const usd = (text: string | null | undefined) => readUsd(text ?? "");
const over = (amount: bigint) => (amount > 0n ? amount : 0n);

/** A budget and the counters that decide. */
export interface CountedBudget {
  row: BudgetRow;
  counters: CounterRow[];
}

/**
 * Budgets with their counters at one instant: Integrity replaces a generation whenever it has counted one from the
 * ledger, so between two looks there may be none of those that were current at the first.
 */
export function readCountedBudgets(
  postgres: Postgres,
  ids: readonly string[],
): Promise<CountedBudget[]> {
  return postgres.db.transaction(async (tx) => {
    await holdPolicyVersion(tx);
    const rows = await tx
      .select()
      .from(budgets)
      .where(inArray(budgets.id, [...ids]));
    return Promise.all(
      rows.map(async (row) => {
        const { id: budgetId, generation } = row;
        return { row, counters: await listBudgetCounters(tx, { budgetId, generation }) };
      }),
    );
  });
}

/** The value under which a client's calls count in a budget; null: they do not. */
function findValue({ scope, value }: BudgetRow, tags: Readonly<Record<string, string>>) {
  if (scope === "global" || scope === "project") return "";
  const own = tags[scope] ?? "";
  return value === "*" || value === own ? own : null;
}

function isOf(ingest: TestIngest, { projectId }: BudgetRow, project: Project): boolean {
  return projectId === null || projectId === ingest.projectIds[project];
}

/** Waits until every hold that can expire has, and says how each of those that nobody told of ended. */
export async function expectExpired(
  ingest: TestIngest,
  tallies: Tallies,
  kept: readonly string[],
): Promise<void> {
  const stillHeld = async () => {
    const rows = await ingest.postgres.db
      .select({ id: reservations.id })
      .from(reservations)
      .where(eq(reservations.state, "held"));
    return rows.map(({ id }) => id).sort();
  };
  await expect.poll(stillHeld, { timeout: 120_000 }).toEqual([...kept].sort());
  for (const project of ["default", "other"] as const) {
    const { abandoned, late, unheard } = tallies[project];
    const holds = [...abandoned, ...late.map(({ hold }) => hold)];
    const rows = await findRows(ingest, project, [...holds.map(({ id }) => id), ...unheard]);
    const stateOf = new Map(rows.map(({ id, state }) => [id, state]));
    // What no strict budget holds is given back.
    for (const { id, femtoUsd } of holds)
      if (!kept.includes(id))
        expect(stateOf.get(id)).toBe(femtoUsd === null ? "expired" : "presumed");
    // Whether it was taken before its client died, nobody knows; then it is as theirs.
    for (const row of rows.filter(({ id }) => unheard.includes(id)))
      expect(row.state).toBe(row.reservedUsd === null ? "expired" : "presumed");
  }
}

function findRows(ingest: TestIngest, project: Project, ids: readonly string[]) {
  const { projectIds, postgres } = ingest;
  const own = eq(reservations.projectId, projectIds[project]);
  return postgres.db
    .select()
    .from(reservations)
    .where(and(own, inArray(reservations.id, [...ids])));
}

/** Every hold that is presumed spent or kept, as the clients know it; of those that died unheard, as it is stored. */
export async function listOpenHolds(ingest: TestIngest, tallies: Tallies) {
  const open: (KnownHold & { project: Project })[] = [];
  for (const project of ["default", "other"] as const) {
    const { abandoned, late, unheard, events } = tallies[project];
    const untold = late.filter(({ event }) => !events.has(event.id)).map(({ hold }) => hold);
    const rows = await findRows(ingest, project, unheard);
    const taken = rows.map(({ id, agent, feature, user, session, reservedUsd, holds }) => ({
      id,
      tags: { agent, feature, user, session } as Record<string, string>,
      femtoUsd: reservedUsd === null ? null : usd(reservedUsd),
      tokens: Math.max(0, ...(holds as { tokens: string }[]).map(({ tokens }) => Number(tokens))),
    }));
    open.push(...[...abandoned, ...untold, ...taken].map((hold) => ({ ...hold, project })));
  }
  return open;
}

/** What the ledger itself says a budget's values spent, from its calls one by one. */
async function sumLedger({ clickhouse }: TestIngest, row: BudgetRow, value: string) {
  const isTagged = !["global", "project"].includes(row.scope);
  const where = [
    isTagged ? `${row.scope} = {value:String}` : "1",
    row.projectId === null ? "1" : "toString(project_id) = {project:String}",
  ];
  const [sum] = (await clickhouse.query(
    `SELECT toString(ifNull(sum(cost_usd), toDecimal128(0, 15))) AS usd, toString(countIf(type = 'llm')) AS calls,
       toString(sum(input_tokens + output_tokens)) AS tokens
     FROM llm_calls FINAL WHERE counted AND ${where.join(" AND ")}`,
    { value, project: row.projectId ?? "" },
  )) as { usd: string; calls: string; tokens: string }[];
  return sum;
}

/** Holds every counter against the ledger, the limit, and what clients know to be held: to the last digit. */
export async function expectCountersEqual(
  ingest: TestIngest,
  counted: readonly CountedBudget[],
  tallies: Tallies,
): Promise<void> {
  const open = await listOpenHolds(ingest, tallies);
  for (const { row, counters } of counted) {
    expect(counters.length).toBeGreaterThan(0);
    let unreserved = 0;
    let heldOfAll = 0n;
    for (const counter of counters) {
      const sum = await sumLedger(ingest, row, counter.value);
      expect(usd(counter.spentUsd)).toBe(usd(sum?.usd));
      expect(counter.spentCalls).toBe(sum?.calls);
      expect(counter.spentTokens).toBe(sum?.tokens);
      const value = row.scope === "project" || row.scope === "global" ? "" : counter.value;
      const held = open.filter(
        ({ project, tags }) =>
          row.mode === "strict" && isOf(ingest, row, project) && findValue(row, tags) === value,
      );
      const heldUsd = held.reduce((all, { femtoUsd }) => all + (femtoUsd ?? 0n), 0n);
      expect(usd(counter.reservedUsd)).toBe(heldUsd);
      heldOfAll += heldUsd;
      const tokens = held.reduce(
        (all, hold) => all + (hold.femtoUsd === null ? 0 : hold.tokens),
        0,
      );
      expect(counter.reservedTokens).toBe(String(tokens));
      const calls = held.filter(({ femtoUsd }) => femtoUsd !== null).length;
      expect(counter.reservedCalls).toBe(String(calls));
      const reserved = usd(counter.spentUsd) - usd(counter.unreservedUsd);
      // What is presumed spent is within the limit as well.
      if (row.mode === "strict" && row.limitUsd)
        expect(over(reserved + heldUsd - usd(row.limitUsd))).toBe(0n);
      unreserved += Number(counter.unreservedEvents);
    }
    // None of them is missing with its counter.
    const bound = open.filter(
      ({ project, tags }) =>
        row.mode === "strict" && isOf(ingest, row, project) && findValue(row, tags) !== null,
    );
    expect(heldOfAll).toBe(bound.reduce((all, { femtoUsd }) => all + (femtoUsd ?? 0n), 0n));
    if (row.scope === "project" && row.mode !== "observe") {
      const project = row.projectId === ingest.projectIds.default ? "default" : "other";
      expect(unreserved).toBe(tallies[project].unreserved.size);
    }
  }
}

/** With every hold settled, given back or presumed, a call that takes exactly what is left of all its budgets is let through, a hair more is not. */
export async function expectNoHeadroomRefused(
  ingest: TestIngest,
  counted: readonly CountedBudget[],
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const lefts = counted.flatMap(({ row, counters }) => {
    const value = findValue(row, tags);
    if (value === null || !row.limitUsd || row.mode === "observe" || !isOf(ingest, row, "default"))
      return [];
    const own = counters.find((one) => value === "" || one.value === value);
    const taken = own ? usd(own.spentUsd) + usd(own.reservedUsd) : 0n;
    return [usd(row.limitUsd) - taken];
  });
  const [left = 0n] = lefts.sort((a, b) => (a < b ? -1 : 1));
  const key = await ingest.makeKey({ scopes: ["guard"] });
  const ask = async (femtoUsd: bigint) => {
    const usage = { input_tokens: 0, max_output_tokens: 0 };
    const cost = { estimated_usage: usage, estimated_cost_usd: formatUsd(femtoUsd) };
    const body = { ...tags, model: "gpt-4o", ...cost };
    const answer = await ingest.post(body, { path: "/v1/reservations", key });
    return answer.body as unknown as { decision: string; reservation_id: string };
  };
  // What was never reserved may have used up all there was.
  if (left <= 0n) return expect((await ask(1n)).decision).toBe("block");
  expect((await ask(left + 1n)).decision).toBe("block");
  const last = await ask(left);
  expect(last.decision).toBe("allow");
  expect((await ask(1n)).decision).toBe("block");
  const path = `/v1/reservations/${last.reservation_id}`;
  expect((await ingest.post(null, { path, method: "DELETE", key })).status).toBe(200);
}
