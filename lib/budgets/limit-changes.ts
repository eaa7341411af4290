import { z } from "zod";
import type { Limits } from "@/lib/budgets/budget";
import { readUsd } from "@/lib/budgets/budget-row";

/** A change of a budget: what its limits were before it. */
export interface LimitChange {
  atMs: number;
  before: Limits;
}

const whole = z.int().nullable();
const before = z.object({
  limit_usd: z.string().nullable(),
  limit_tokens: whole,
  limit_calls: whole,
  limit_tool_calls: whole,
  limit_seconds: whole,
});

/** Reads what the audit says of a budget's edits; latest first, as it is given. */
export function readLimitChanges(
  rows: readonly { at: Date; action: string; before: unknown }[],
): LimitChange[] {
  const bigOrNull = (value: number | null) => (value === null ? null : BigInt(value));
  return rows.flatMap((row) => {
    if (row.action !== "budget.update") return [];
    const limits = before.parse(row.before);
    const seconds = bigOrNull(limits.limit_seconds);
    return [
      {
        atMs: row.at.getTime(),
        before: {
          usd: limits.limit_usd === null ? null : readUsd(limits.limit_usd),
          tokens: bigOrNull(limits.limit_tokens),
          calls: bigOrNull(limits.limit_calls),
          toolCalls: bigOrNull(limits.limit_tool_calls),
          ms: seconds === null ? null : seconds * 1000n,
        },
      },
    ];
  });
}

/** The limits as they stood at an instant: those before the first change after it, or the current ones. */
export function limitsAt(
  current: Limits,
  changes: readonly LimitChange[],
  instantMs: number,
): Limits {
  return changes.findLast(({ atMs }) => atMs >= instantMs)?.before ?? current;
}
