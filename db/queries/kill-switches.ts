import { and, desc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import type { KillSwitchRow } from "@/db/queries/policy";
import { auditEvents } from "@/db/schema/audit";
import { killSwitches } from "@/db/schema/kill-switches";

/** What a switch stops. */
export interface SwitchTarget {
  scope: string;
  /** null: everything. */
  projectId: string | null;
  /** null: all of the project. */
  value: string | null;
}

/** The switch of a target; null: nobody ever used it. */
export async function findSwitchRow(
  db: Db,
  { scope, projectId, value }: SwitchTarget,
): Promise<KillSwitchRow | null> {
  const [row] = await db
    .select()
    .from(killSwitches)
    .where(
      and(
        eq(killSwitches.scope, scope),
        projectId === null ? isNull(killSwitches.projectId) : eq(killSwitches.projectId, projectId),
        value === null ? isNull(killSwitches.value) : eq(killSwitches.value, value),
      ),
    );
  return row ?? null;
}

/** Switches of these projects and the global one: engaged ones first, then the last used. */
export async function listSwitchRows(
  db: Db,
  projectIds: readonly string[],
  limit: number,
): Promise<KillSwitchRow[]> {
  return db
    .select()
    .from(killSwitches)
    .where(or(isNull(killSwitches.projectId), inArray(killSwitches.projectId, [...projectIds])))
    .orderBy(
      sql`${killSwitches.engagedAt} is null`,
      desc(sql`coalesce(${killSwitches.engagedAt}, ${killSwitches.releasedAt})`),
      killSwitches.id,
    )
    .limit(limit);
}

/** Sets a switch. Whoever changes the policy does so alone, so two people never make the same one. */
export async function saveSwitchRow(
  tx: Db,
  id: string | null,
  row: typeof killSwitches.$inferInsert,
): Promise<KillSwitchRow> {
  const [saved] =
    id === null
      ? await tx.insert(killSwitches).values(row).returning()
      : await tx.update(killSwitches).set(row).where(eq(killSwitches.id, id)).returning();
  if (!saved) throw new Error("the switch was not stored");
  return saved;
}

/** What people did to switches of these projects and to the global one, latest first. */
export async function listSwitchChanges(db: Db, projectIds: readonly string[], limit: number) {
  return db
    .select({
      at: auditEvents.at,
      actorName: auditEvents.actorName,
      projectId: auditEvents.projectId,
      after: auditEvents.after,
    })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.targetType, "kill_switch"),
        or(isNull(auditEvents.projectId), inArray(auditEvents.projectId, [...projectIds])),
      ),
    )
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(limit);
}
