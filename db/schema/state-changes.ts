import { bigint, pgTable } from "drizzle-orm/pg-core";

/**
 * One row for each transaction that moved a counter to another state (`warning`, `exceeded`, `locked`) since the policy's
 * version last changed: the version that is told is that of the policy and their number. Rows that are added wait for
 * nobody; whoever counts holds the policy for share, and two that wanted to write into it would wait for each other.
 */
export const stateChanges = pgTable("state_changes", {
  id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
});
