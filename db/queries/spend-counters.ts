import { sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { spendCounters } from "@/db/schema/counters";

/** What is added to (or taken from) the counters of a project's bucket. */
export interface CounterDifference {
  projectId: string;
  /** Start, seconds since 1970. */
  bucket: number;
  events: number;
  /** US dollars, a decimal string. */
  costUsd: string;
  unknownCosts: number;
}

/**
 * Moves counters, each bucket at most once in a list. Give them in the order of their keys: two transactions that
 * move the same ones then wait for each other instead of locking each other out.
 */
export async function addToSpendCounters(
  tx: Db,
  differences: readonly CounterDifference[],
): Promise<void> {
  for (let start = 0; start < differences.length; start += MAX_ROWS) {
    await tx
      .insert(spendCounters)
      .values(
        differences
          .slice(start, start + MAX_ROWS)
          .map((difference) => ({ ...difference, changedAt: sql`now()` })),
      )
      .onConflictDoUpdate({
        target: [spendCounters.projectId, spendCounters.bucket],
        set: {
          events: sql`${spendCounters.events} + excluded.events`,
          costUsd: sql`${spendCounters.costUsd} + excluded.cost_usd`,
          unknownCosts: sql`${spendCounters.unknownCosts} + excluded.unknown_costs`,
          changedAt: sql`excluded.changed_at`,
        },
      });
  }
}

/** A statement has at most 65,535 parameters. */
const MAX_ROWS = 5_000;
