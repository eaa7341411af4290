import { isNotNull, isNull, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { budgets, killSwitches, policy } from "@/db/schema/budgets";
import { projects } from "@/db/schema/projects";

export type BudgetRow = typeof budgets.$inferSelect;
export type KillSwitchRow = typeof killSwitches.$inferSelect;

/** Everything that decides, as one version of the policy has it. */
export interface PolicyRows {
  version: number;
  budgets: BudgetRow[];
  switches: KillSwitchRow[];
  projects: {
    id: string;
    slug: string;
    requiredTags: string[];
    failMode: "open" | "closed" | null;
  }[];
}

/**
 * The policy's version, kept from changing until this transaction ends: what is decided or counted in it is by the
 * policy of this version.
 */
export async function holdPolicyVersion(tx: Db): Promise<number> {
  const [row] = await tx.select({ version: policy.version }).from(policy).for("share");
  if (!row) throw new Error("the policy's row is gone");
  return row.version;
}

/** The policy's version as it is now. */
export async function readPolicyVersion(db: Db): Promise<number> {
  const [row] = await db.select({ version: policy.version }).from(policy);
  if (!row) throw new Error("the policy's row is gone");
  return row.version;
}

/**
 * Begins a change of the policy: waits for decisions and counts under way, and lets none begin until this transaction
 * ends. To be called before anything is read that the change depends on.
 * @returns the new version
 */
export async function changePolicyVersion(tx: Db): Promise<number> {
  const [row] = await tx
    .update(policy)
    .set({ version: sql`${policy.version} + 1` })
    .returning({ version: policy.version });
  if (!row) throw new Error("the policy's row is gone");
  return row.version;
}

/** Reads all that decides. In a transaction that holds the version, it is that version's. */
export async function readPolicy(db: Db): Promise<PolicyRows> {
  const version = await readPolicyVersion(db);
  return {
    version,
    budgets: await db.select().from(budgets).where(isNull(budgets.archivedAt)).orderBy(budgets.id),
    switches: await db.select().from(killSwitches).where(isNotNull(killSwitches.engagedAt)),
    projects: await db
      .select({
        id: projects.id,
        slug: projects.slug,
        requiredTags: projects.requiredTags,
        failMode: projects.failMode,
      })
      .from(projects)
      .where(isNull(projects.archivedAt)),
  };
}
