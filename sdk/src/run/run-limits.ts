import { type FemtoUsd, formatUsd, parseUsd } from "../money.ts";

/** What a run may use. */
export interface RunLimits {
  /** Input and output tokens of its model calls. */
  tokens?: number;
  tool_calls?: number;
  /** US dollars, a decimal string. */
  usd?: string;
  /** Since it began, wall clock. */
  seconds?: number;
  /** The share of each, from 0 to below 1, that only `run.final` may use; 0 by default. */
  reserve?: number;
}

/** Limits as they were checked; null: not limited. */
export interface CheckedLimits {
  tokens: number | null;
  toolCalls: number | null;
  usd: FemtoUsd | null;
  seconds: number | null;
  reserve: number;
}

/** @throws TypeError for a limit that is none: one that was misspelt would limit nothing */
export function checkLimits(limits: RunLimits | undefined): CheckedLimits | null {
  if (limits === undefined) return null;
  const { tokens, tool_calls, usd, seconds, reserve = 0, ...others } = limits;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new TypeError(`limits: there is no limit ${unknown}.`);
  const amount = (name: string, value: number | undefined): number | null => {
    if (value === undefined) return null;
    if (!(value >= 0)) throw new TypeError(`limits.${name} must be a number of at least 0.`);
    return value;
  };
  if (!(reserve >= 0 && reserve < 1)) {
    throw new TypeError("limits.reserve must be a share from 0 to below 1.");
  }
  return {
    tokens: amount("tokens", tokens),
    toolCalls: amount("tool_calls", tool_calls),
    usd: readLimitUsd(usd),
    seconds: amount("seconds", seconds),
    reserve,
  };
}

function readLimitUsd(usd: string | undefined): FemtoUsd | null {
  if (usd === undefined) return null;
  const femtoUsd = typeof usd === "string" ? parseUsd(usd) : null;
  if (femtoUsd === null || femtoUsd < 0n) {
    throw new TypeError('limits.usd must be a decimal string of US dollars such as "2.50".');
  }
  return femtoUsd;
}

/** What of a limit may be used: all of it, or what the reserve leaves. */
export function shareOf(limit: number, { reserve }: CheckedLimits, isFinal: boolean): number {
  return isFinal ? limit : limit * (1 - reserve);
}

const PARTS = 1_000_000;

/** The same of dollars, rounded down. */
export function usdShareOf(
  limit: FemtoUsd,
  { reserve }: CheckedLimits,
  isFinal: boolean,
): FemtoUsd {
  if (isFinal) return limit;
  return (limit * BigInt(PARTS - Math.ceil(reserve * PARTS))) / BigInt(PARTS);
}

/** Limits as they were given. */
export function toLimits(limits: CheckedLimits): RunLimits {
  const { tokens, toolCalls, usd, seconds, reserve } = limits;
  return {
    ...(tokens === null ? {} : { tokens }),
    ...(toolCalls === null ? {} : { tool_calls: toolCalls }),
    ...(usd === null ? {} : { usd: formatUsd(usd) }),
    ...(seconds === null ? {} : { seconds }),
    ...(reserve === 0 ? {} : { reserve }),
  };
}
