import type { ClickHouse } from "@/db/clickhouse/client";
import { findBudgetCalls } from "@/db/clickhouse/queries/find-budget-calls";
import { sumBudget } from "@/db/clickhouse/queries/sum-budget";
import type { Db } from "@/db/postgres";
import { listShiftsIn } from "@/db/queries/budget-shifts";
import type { Budget } from "@/lib/budgets/budget";
import { calendarPeriodOf, periodName } from "@/lib/budgets/budget-period";
import { readUsd } from "@/lib/budgets/budget-row";
import { MOST_OF_A_CALL, toCountedCall } from "@/lib/budgets/counted-call";
import { measureCall, type Spent } from "@/lib/budgets/measure-call";
import { placeCall } from "@/lib/budgets/place-call";
import { storableText } from "@/lib/budgets/storable-text";
import { EVENT_LIMITS } from "@/lib/events/event-fields";
import { divideHalfEven } from "@/lib/money";

/** What the ledger says was spent in one place of a budget. */
export interface LedgerSum {
  value: string;
  period: string;
  spent: Spent;
}

/** What the ledger says of a budget. */
export interface LedgerSums {
  sums: LedgerSum[];
  /** The earliest period that was summed, by its name; null: sessions or traces, with all of their calls. */
  fromPeriod: string | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How far back periods are summed: the current one, and what a late event or a hold of a while ago may still move. */
const BACK_MS: Readonly<Record<string, number>> = {
  hour: 26 * HOUR_MS,
  day: 8 * DAY_MS,
  week: 8 * DAY_MS,
  month: 32 * DAY_MS,
};
/** Sessions and traces never end; one without a call for so long is not asked for headroom any more. */
const OPEN_ENDED_MS = 31 * DAY_MS;
const SHIFTS_AT_ONCE = 500;
/** Every period is before this one. */
const NO_PERIOD = "9999-12-31T00:00:00Z";

/**
 * Sums a budget from the calls: every call that counts and had arrived by an instant, each where the counters have it.
 * @param asked.arrivedByUs microseconds since 1970
 * @param asked.wholeFromMs periods that began before are left out, as calls of them may have expired; ms since 1970
 * @throws QueryFailedError, MalformedRowError
 */
export async function sumLedger(
  stores: { clickhouse: ClickHouse; db: Db },
  budget: Budget,
  asked: {
    projectIds: readonly string[];
    nowMs: number;
    arrivedByUs: number;
    wholeFromMs: number;
  },
): Promise<LedgerSums> {
  const allMs = listPeriodStarts(budget, asked.nowMs);
  const startsMs = allMs.filter((ms) => ms >= asked.wholeFromMs);
  // Calls of every period may have expired, the current one's too: what was counted of it stays.
  if (allMs.length > 0 && startsMs.length === 0) return { sums: [], fromPeriod: NO_PERIOD };
  const scope = {
    projectIds: [...asked.projectIds],
    fromUs: (startsMs[0] ?? 0) * 1000,
    toUs: asked.nowMs * 1000 + EVENT_LIMITS.aheadUs + HOUR_MS * 1000,
    arrivedByUs: asked.arrivedByUs,
  };
  const rows = await sumBudget(stores.clickhouse, {
    ...scope,
    scope: budget.scope,
    value: budget.value === "*" || budget.scope === "project" ? null : (budget.value ?? ""),
    period:
      startsMs.length > 0
        ? { by: "calendar", startsUs: startsMs.map((ms) => ms * 1000) }
        : {
            by: budget.window === "session" ? "session" : "trace_id",
            sinceUs: asked.nowMs * 1000 - OPEN_ENDED_MS * 1000,
          },
    most: MOST_OF_A_CALL,
  });
  const sums = new SumsByPlace();
  const [firstMs] = startsMs;
  const fromPeriod = firstMs === undefined ? null : periodName(firstMs);
  for (const row of rows) {
    const isEndless = fromPeriod === null;
    const period = isEndless ? storableText(row.period) : periodName(Number(row.period) / 1000);
    sums.add(storableText(row.value), period, spentOf(row, budget), 1n);
  }
  if (fromPeriod !== null) await moveShifted(stores, budget, scope, { sums, fromPeriod });
  return { sums: sums.list(), fromPeriod };
}

type Row = Awaited<ReturnType<typeof sumBudget>>[number];

function spentOf(row: Row, { unpriced }: Budget): Spent {
  const hasRate = unpriced.kind === "rate";
  // A rate has nine decimals, so that of a million tokens is a whole number of 1e-15: the sum is that of all calls.
  const rated = hasRate
    ? divideHalfEven(row.unpriced_tokens * unpriced.femtoUsdPerMtok, 1_000_000n)
    : 0n;
  return {
    usd: readUsd(row.cost_usd) + rated,
    tokens: row.tokens,
    calls: row.calls,
    toolCalls: row.tool_calls,
    ms: row.ms,
    unknownCosts: row.unknown_costs - (hasRate ? row.unpriced_calls : 0n),
  };
}

/** Events that count in their hold's period lie in that of their own time here. */
async function moveShifted(
  { clickhouse, db }: { clickhouse: ClickHouse; db: Db },
  budget: Budget,
  scope: { projectIds: string[]; fromUs: number; toUs: number; arrivedByUs: number },
  { sums, fromPeriod }: { sums: SumsByPlace; fromPeriod: string },
): Promise<void> {
  // A clock of the caller's may put an event before the period of its hold.
  const fromUs = scope.fromUs - DAY_MS * 1000;
  const shifts = (await listShiftsIn(db, budget.id)).filter(({ bucket }) => bucket * 1e6 >= fromUs);
  for (let at = 0; at < shifts.length; at += SHIFTS_AT_ONCE) {
    const some = shifts.slice(at, at + SHIFTS_AT_ONCE);
    const periods = new Map(
      some.map((shift) => [identityName(shift, shift.eventId), shift.period]),
    );
    const identities = some.map(({ projectId, bucket, eventId }) => ({
      projectId,
      bucket,
      id: eventId,
    }));
    for (const row of await findBudgetCalls(clickhouse, { ...scope, fromUs, identities })) {
      const call = toCountedCall(row);
      if (!call) continue;
      const period = periods.get(identityName(call, storableText(call.id)));
      if (period === undefined) continue;
      for (const place of placeCall([budget], call, call.atMs)) {
        const spent = measureCall(call, budget.unpriced);
        if (place.period >= fromPeriod) sums.add(place.value, place.period, spent, -1n);
        if (period >= fromPeriod) sums.add(place.value, period, spent, 1n);
      }
    }
  }
}

function identityName({ projectId, bucket }: { projectId: string; bucket: number }, id: string) {
  return `${projectId} ${bucket} ${id}`;
}

/**
 * Starts of the calendar periods that are summed, ascending, ms since 1970: from a while back to the last in which an
 * event may lie that is ahead of our clock. Empty: the window is no calendar's.
 */
export function listPeriodStarts(budget: Budget, nowMs: number): number[] {
  const aheadMs = nowMs + EVENT_LIMITS.aheadUs / 1000 + HOUR_MS;
  const starts: number[] = [];
  let period = calendarPeriodOf(budget, nowMs - (BACK_MS[budget.window] ?? 0));
  while (period && period.startMs <= aheadMs) {
    starts.push(period.startMs);
    period = calendarPeriodOf(budget, period.endMs);
  }
  return starts;
}

/** Sums by value and period. */
export class SumsByPlace {
  readonly #sums = new Map<string, LedgerSum>();

  add(value: string, period: string, spent: Spent, sign: 1n | -1n): void {
    const name = `${value}\0${period}`;
    const before = this.#sums.get(name)?.spent;
    const sum = (key: keyof Spent) => (before?.[key] ?? 0n) + sign * spent[key];
    this.#sums.set(name, {
      value,
      period,
      spent: {
        usd: sum("usd"),
        tokens: sum("tokens"),
        calls: sum("calls"),
        toolCalls: sum("toolCalls"),
        ms: sum("ms"),
        unknownCosts: sum("unknownCosts"),
      },
    });
  }

  list(): LedgerSum[] {
    return [...this.#sums.values()];
  }
}
