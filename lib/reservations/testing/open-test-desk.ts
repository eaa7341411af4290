import { eq } from "drizzle-orm";
import type { Postgres } from "@/db/postgres";
import { listBudgetCounters } from "@/db/queries/budget-counters";
import { changePolicyVersion } from "@/db/queries/policy";
import { reservations } from "@/db/schema/budgets";
import { killSwitches } from "@/db/schema/kill-switches";
import { createPolicyHolder } from "@/lib/budgets/policy-holder";
import { createLog } from "@/lib/log";
import { type FemtoUsd, parseUsd } from "@/lib/money";
import { createPriceBook } from "@/lib/prices/price-book";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import { checkReservation, type Wish } from "@/lib/reservations/check-reservation";
import { holdsSchema } from "@/lib/reservations/hold";
import { createOutputLearner } from "@/lib/reservations/output-learner";
import { openReservationDesk } from "@/lib/reservations/reservation-desk";

/** The list prices, without an operator's own. */
export function listPriceHolder(): PriceBookHolder {
  const book = createPriceBook({ overrides: [] });
  return { ...book, reload: async () => undefined };
}

const prices = listPriceHolder();

/** A desk of one process: several on one PostgreSQL are several processes. */
export function openTestDesk(
  db: Postgres["db"],
  options: Partial<Parameters<typeof openReservationDesk>[0]> = {},
) {
  const policies = createPolicyHolder();
  const learner = createOutputLearner();
  const given = { db, policies, prices, learner, log: createLog("silent"), ...options };
  const desk = openReservationDesk(given);
  return {
    policies,
    learner,
    close: () => desk.close(),
    /** Asks for a call as an agent does. @throws Error for a wish that is refused as a body */
    reserve: (projectId: string, body: Record<string, unknown> = {}) =>
      desk.reserve({ projectId, apiKeyId: null }, makeWish(body)),
  };
}

/** A call of which the caller says itself what it costs at most: `$0.01`, unless the body says otherwise. */
export function makeWish(body: Record<string, unknown> = {}): Wish {
  const checked = checkReservation({
    provider: "openai",
    model: "gpt-4o",
    ...(body.estimated_usage ? {} : { estimated_cost_usd: "0.01" }),
    ...body,
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.wish;
}

/** Engages a switch as a person's verb does: in a transaction that changes the policy. */
export function engageSwitch(
  db: Postgres["db"],
  given: Partial<typeof killSwitches.$inferInsert>,
): Promise<string> {
  return db.transaction(async (tx) => {
    await changePolicyVersion(tx);
    const [row] = await tx
      .insert(killSwitches)
      .values({ scope: "project", engagedAt: new Date(), engagedBy: "test", ...given })
      .returning();
    return row?.id ?? "";
  });
}

/** Releases it. */
export function releaseSwitch(db: Postgres["db"], id: string): Promise<void> {
  return db.transaction(async (tx) => {
    await changePolicyVersion(tx);
    await tx.update(killSwitches).set({ engagedAt: null }).where(eq(killSwitches.id, id));
  });
}

/** What a budget's counters hold, by value, in femto-dollars. */
export async function reservedOf(
  db: Postgres["db"],
  budgetId: string,
): Promise<Map<string, FemtoUsd>> {
  const rows = await listBudgetCounters(db, { budgetId, generation: 1 });
  return new Map(rows.map(({ value, reservedUsd }) => [value, parseUsd(reservedUsd) ?? -1n]));
}

/** What a project's open reservations hold, by budget and value, in femto-dollars: what counters must say. */
export async function holdsOf(db: Postgres["db"], projectId: string) {
  const rows = await db.select().from(reservations).where(eq(reservations.projectId, projectId));
  const sums = new Map<string, Map<string, FemtoUsd>>();
  for (const row of rows) {
    if (row.state !== "held") continue;
    for (const hold of holdsSchema.parse(row.holds)) {
      const values = sums.get(hold.budget_id) ?? new Map<string, FemtoUsd>();
      sums.set(hold.budget_id, values);
      values.set(hold.value, (values.get(hold.value) ?? 0n) + (parseUsd(hold.usd) ?? -1n));
    }
  }
  return { rows, sums };
}
