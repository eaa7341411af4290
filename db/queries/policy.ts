import { isNotNull, isNull, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { budgets, policy } from "@/db/schema/budgets";
import { killSwitches } from "@/db/schema/kill-switches";
import { projects } from "@/db/schema/projects";
import { stateChanges } from "@/db/schema/state-changes";

export type BudgetRow = typeof budgets.$inferSelect;
export type KillSwitchRow = typeof killSwitches.$inferSelect;

/** The channel that is notified when a transaction that changed what agents are told is committed. */
export const POLICY_CHANNEL = "outlay_policy";

const notifyPolicy = sql<string>`pg_notify(${POLICY_CHANNEL}, '')`;

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

/** What an agent is told of the policy's version: it also moves with the state of a counter, which decides nothing anew. */
export interface PolicyVersions {
  /** Of what decides. */
  version: number;
  /** Of what decides and of the counters' states; it only grows. */
  toldVersion: number;
}

/** Both versions as they are now, in one statement. */
export async function readPolicyVersions(db: Db): Promise<PolicyVersions> {
  const changes = sql<string>`(select count(*) from ${stateChanges})`.mapWith(Number);
  const [row] = await db.select({ version: policy.version, changes }).from(policy);
  if (!row) throw new Error("the policy's row is gone");
  return { version: row.version, toldVersion: row.version + row.changes };
}

/** Notes that this transaction moved a counter to another state. It holds the policy's version for share. */
export async function noteStateChange(tx: Db): Promise<void> {
  await tx.insert(stateChanges).values({});
  await tx.execute(sql`select ${notifyPolicy}`);
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
  const moveBy = async (by: number) => {
    const [row] = await tx
      .update(policy)
      .set({ version: sql`${policy.version} + ${by}` })
      .returning({ version: policy.version, told: notifyPolicy });
    if (!row) throw new Error("the policy's row is gone");
    return row.version;
  };
  const version = await moveBy(1);
  // Everybody who adds some holds the version for share, so all of them are here: they go into the version itself.
  const gone = await tx.delete(stateChanges).returning({ id: stateChanges.id });
  return gone.length > 0 ? moveBy(gone.length) : version;
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
