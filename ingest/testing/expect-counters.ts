import { formatUsd } from "@/lib/money";

/** What a test says of a call. */
export interface WorldCall {
  agent: string;
  user: string;
  session: string;
  /** 0 or 1: today or tomorrow. */
  day: number;
  /** Femto-dollars; null: unknown. */
  cost: bigint | null;
  tokens: number;
  /** Which of the reservations made so far it names, if any. */
  reservation: number | null;
}

export interface Call extends WorldCall {
  id: string;
  arrivedUs: number;
  reservationId: string | null;
  isVoid: boolean;
  received: Pick<WorldCall, "user" | "session" | "cost">;
  /** Budgets in which it counts on another day than its own. */
  shifted: Map<string, number>;
}

/** Which budgets there are: how each finds its value, and the end of its period. */
export const KINDS = [
  { scope: "agent", value: "*", window: "day", by: (call: Call) => call.agent },
  { scope: "global", value: null, window: "month", by: () => "" },
  { scope: "user", value: "*", window: "week", by: (call: Call) => call.user },
  { scope: "session", value: "*", window: "session", by: (call: Call) => call.session },
  {
    scope: "agent",
    value: "a",
    window: "day",
    by: (call: Call) => (call.agent === "a" ? "a" : null),
  },
] as const;
export type BudgetKind = (typeof KINDS)[number];

/** A reservation that a test made: which budgets it holds of. */
export interface Reserved {
  id: string;
  agent: string;
  holds: string[];
  isUsed: boolean;
}

const PERIODS: Record<string, readonly [string, string]> = {
  day: ["2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"],
  week: ["2026-11-16T00:00:00Z", "2026-11-16T00:00:00Z"],
  month: ["2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z"],
};

/** What a budget's counters must say, summed one call at a time without any of the code that counts. */
export function expectCounters(
  { id, kind }: { id: string; kind: BudgetKind },
  calls: readonly Call[],
  reservations: readonly Reserved[],
) {
  const sums = new Map<string, { usd: bigint; tokens: number; calls: number; reserved: number }>();
  const at = (value: string, period: string) => {
    const key = JSON.stringify([value, period]);
    const sum = sums.get(key) ?? { usd: 0n, tokens: 0, calls: 0, reserved: 0 };
    sums.set(key, sum);
    return sum;
  };
  for (const call of calls.filter(({ isVoid }) => !isVoid)) {
    const value = kind.by(call);
    if (value === null) continue;
    const sum = at(value, periodOf(kind, call, call.shifted.get(id) ?? call.day));
    sum.usd += call.cost ?? BigInt(call.tokens) * 7n;
    sum.tokens += call.tokens;
    sum.calls += 1;
  }
  for (const { agent, holds, isUsed } of reservations) {
    const call = { agent, user: "u", session: "s" } as Call;
    if (!isUsed && holds.includes(id))
      at(kind.by(call) ?? "", periodOf(kind, call, 0)).reserved += 1;
  }
  return [...sums.entries()]
    .map(([key, sum]) => {
      const [value, period] = JSON.parse(key) as [string, string];
      const text = (figure: string) => (figure === "0" ? undefined : figure);
      return {
        value,
        period,
        spentUsd: text(formatUsd(sum.usd)),
        spentTokens: text(String(sum.tokens)),
        spentCalls: text(String(sum.calls)),
        reservedUsd: text(String(sum.reserved)),
      };
    })
    .sort((a, b) => (`${a.value}\0${a.period}` < `${b.value}\0${b.period}` ? -1 : 1));
}

/** The name of the period in which a call counts. @param day 0 or 1 */
export function periodOf(kind: BudgetKind, call: Call, day: number): string {
  return kind.window === "session" ? call.session : (PERIODS[kind.window]?.[day] ?? "");
}
