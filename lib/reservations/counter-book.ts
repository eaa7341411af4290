import {
  type CounterKey,
  type LockedCounter,
  type LockFigures,
  nameOf,
} from "@/db/queries/budget-counters";
import { type Amounts, NO_AMOUNTS } from "@/lib/budgets/budget";
import { readUsd } from "@/lib/budgets/budget-row";

/** A counter, as the wishes of a group see it one after another. */
export interface Counter {
  key: CounterKey;
  /** Its name in a book. */
  name: string;
  /** Of the stored row that it was read from, or that the last group made of it. */
  rowVersion: string;
  /** Of `reserved`: what this group has taken. */
  taken: Amounts;
  spent: Amounts;
  reserved: Amounts;
  /** Minute since 1970, and the calls let through at a rate in it. */
  throttleMinute: number;
  throttleCalls: number;
  /** What it says of being closed. */
  lock: LockFigures;
  /** Differs from the stored row. */
  isTouched: boolean;
}

/** The counters that a group decides by: locked, or looked at again before anything is written. */
export interface CounterBook {
  /** @param name `nameOf` its key. @throws Error for one that was not read: it must never be taken for empty */
  get(name: string): Counter;
  all(): Iterable<Counter>;
}

/** Opens the book of a group. */
export function openCounterBook(found: Iterable<Counter>): CounterBook {
  const counters = new Map<string, Counter>();
  for (const counter of found) counters.set(counter.name, counter);
  return {
    get(name) {
      const counter = counters.get(name);
      if (!counter) throw new Error(`the counter ${name} was not read`);
      return counter;
    },
    all: () => counters.values(),
  };
}

/** Reads a locked row. @throws RangeError for a figure that cannot be read */
export function toCounter(row: LockedCounter): Counter {
  const { budgetId, generation, value, period } = row;
  const key = { budgetId, generation, value, period };
  return {
    key,
    name: nameOf(key),
    rowVersion: row.rowVersion,
    spent: {
      usd: readUsd(row.spentUsd),
      tokens: BigInt(row.spentTokens),
      calls: BigInt(row.spentCalls),
      toolCalls: BigInt(row.spentToolCalls),
      ms: BigInt(row.spentMs),
    },
    reserved: {
      ...NO_AMOUNTS,
      usd: readUsd(row.reservedUsd),
      tokens: BigInt(row.reservedTokens),
      calls: BigInt(row.reservedCalls),
      toolCalls: BigInt(row.reservedToolCalls),
    },
    throttleMinute: row.throttleMinute,
    throttleCalls: row.throttleCalls,
    lock: {
      lockRevision: row.lockRevision,
      lockPercent: row.lockPercent,
      lockedAtMs: row.lockedAtMs,
    },
    taken: { ...NO_AMOUNTS },
    isTouched: false,
  };
}

/** Takes a hold of a counter, so that the next wish sees it. */
export function takeHold(counter: Counter, amounts: Amounts): void {
  for (const sum of [counter.reserved, counter.taken]) {
    sum.usd += amounts.usd;
    sum.tokens += amounts.tokens;
    sum.calls += amounts.calls;
    sum.toolCalls += amounts.toolCalls;
  }
  counter.isTouched = true;
}

const MINUTE_MS = 60_000;

/** Calls of this minute that were let through at a rate. */
export function throttledIn({ throttleMinute, throttleCalls }: Counter, nowMs: number): number {
  return throttleMinute === Math.floor(nowMs / MINUTE_MS) ? throttleCalls : 0;
}

/** Counts one more of them. */
export function countThrottled(counter: Counter, nowMs: number): void {
  counter.throttleCalls = throttledIn(counter, nowMs) + 1;
  counter.throttleMinute = Math.floor(nowMs / MINUTE_MS);
  counter.isTouched = true;
}
