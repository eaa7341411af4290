import { parseUsd } from "@/lib/money";
import { type NamedData, sumNamedData } from "./named-data";
import { clockOf, type NamedQuestion } from "./questions";

interface Figures {
  cost_usd?: string | null;
  calls?: number;
  errors?: number;
  unpriced_calls?: number;
}

interface Answer {
  from?: string;
  to?: string;
  total?: Figures;
  rows?: Figures[];
  rest?: Figures | null;
  calls?: { id: string; timestamp: string }[];
  sessions?: Figures[];
}

const NANO = 1_000_000n;

/** @throws Error for an answer that is not the data's: a fast wrong answer is no figure */
export function checkAnswer({ name, path, check }: NamedQuestion, data: NamedData, answer: Answer) {
  const expect = (what: string, actual: unknown, expected: unknown): void => {
    if (actual !== expected) throw new Error(`${name}: ${what} is ${actual}, not ${expected}`);
  };
  if (check === "calls") checkCalls(expect, answer.calls ?? []);
  if (check === "sessions") checkSessions(expect, answer.sessions ?? [], data);
  if (check === "calls" || check === "sessions") return;
  const { total = {}, rows = [], rest } = answer;
  const parts = rest ? [...rows, rest] : rows;
  if (parts.length === 0) throw new Error(`${name}: no rows`);
  expect("the sum of costs", sumCosts(parts), sumCosts([total]));
  if (total.calls !== undefined) {
    expect("the sum of calls", sumOf(parts, "calls"), total.calls);
  }
  if (check === "ties") return;
  const asked = new URL(path(clockOf(data)), "http://bench").searchParams;
  const usOf = (parameter: string) => Date.parse(asked.get(parameter) ?? "") * 1000;
  const known = sumNamedData(data, usOf("from"), usOf("to"));
  expect("the cost", sumCosts([total]), known.costNanoUsd * NANO);
  expect("calls", total.calls ?? known.calls, known.calls);
  expect("errors", total.errors ?? known.errors, known.errors);
  expect("unpriced calls", total.unpriced_calls ?? known.unpriced, known.unpriced);
}

type Expect = (what: string, actual: unknown, expected: unknown) => void;

function checkCalls(expect: Expect, calls: { id: string; timestamp: string }[]): void {
  expect("calls listed", calls.length > 0 && calls.length <= 100, true);
  expect("different calls", new Set(calls.map(({ id }) => id)).size, calls.length);
  const times = calls.map(({ timestamp }) => timestamp);
  expect("newest first", times.join(), [...times].sort().reverse().join());
}

function checkSessions(expect: Expect, sessions: Figures[], data: NamedData): void {
  expect("sessions listed", sessions.length, Math.min(100, data.calls / 10));
  const costs = sessions.map(({ cost_usd }) => parseUsd(cost_usd ?? "0") ?? 0n);
  const falls = costs.every((cost, index) => index === 0 || cost <= (costs[index - 1] ?? 0n));
  expect("dearest first", falls, true);
  expect("calls a session", Math.max(...sessions.map(({ calls = 0 }) => calls)) <= 10, true);
}

function sumCosts(parts: readonly Figures[]): bigint {
  return parts.reduce((sum, { cost_usd }) => sum + (parseUsd(cost_usd ?? "0") ?? 0n), 0n);
}

function sumOf(parts: readonly Figures[], figure: "calls"): number {
  return parts.reduce((sum, part) => sum + (part[figure] ?? 0), 0);
}
