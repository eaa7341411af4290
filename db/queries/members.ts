import { and, asc, count, eq, gt, isNotNull, isNull, max, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { projects } from "@/db/schema/projects";
import { memberships, userSessions, userSetupLinks, users } from "@/db/schema/users";
import type { Membership } from "@/lib/permissions";

/** Any constant; it must differ from the other advisory locks of the database. */
const MEMBERS_LOCK = 7_301_648_208;

/** Makes changes of who may what wait for each other until the transaction ends: two last admins must not remove each other. */
export async function lockMembers(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${MEMBERS_LOCK}::bigint)`);
}

const MEMBER = {
  id: users.id,
  email: users.email,
  name: users.name,
  hasPassword: sql<boolean>`${users.passwordHash} is not null`,
  createdAt: users.createdAt,
  disabledAt: users.disabledAt,
};

/** A membership with its project's slug; null and null: every project. */
export interface MembershipRow extends Membership {
  slug: string | null;
}

/** A person as others see them. */
export interface MemberRow {
  id: string;
  email: string;
  name: string;
  hasPassword: boolean;
  createdAt: Date;
  disabledAt: Date | null;
  lastSignInAt: Date | null;
  /** Of projects that are not removed: that of every project first, then by slug. */
  memberships: MembershipRow[];
}

/** Everybody, by name; with `id` that person alone. */
export async function listMembers(db: Db, id?: string): Promise<MemberRow[]> {
  const lastSignInAt = max(userSessions.createdAt);
  const people = await db
    .select({ ...MEMBER, lastSignInAt })
    .from(users)
    .leftJoin(userSessions, eq(userSessions.userId, users.id))
    .where(id === undefined ? undefined : eq(users.id, id))
    .groupBy(users.id)
    .orderBy(asc(sql`lower(${users.name})`), asc(users.email));
  const held = await db
    .select({
      userId: memberships.userId,
      projectId: memberships.projectId,
      role: memberships.role,
      slug: projects.slug,
    })
    .from(memberships)
    .leftJoin(projects, eq(projects.id, memberships.projectId))
    .where(
      and(isNull(projects.archivedAt), id === undefined ? undefined : eq(memberships.userId, id)),
    )
    .orderBy(isNotNull(memberships.projectId), asc(projects.slug));
  return people.map((person) => ({
    ...person,
    memberships: held
      .filter(({ userId }) => userId === person.id)
      .map(({ projectId, role, slug }) => ({ projectId, role, slug })),
  }));
}

/** How many people may do everything everywhere, and can sign in. */
export async function countAdmins(db: Db): Promise<number> {
  const [row] = await db
    .select({ admins: count() })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        isNull(memberships.projectId),
        eq(memberships.role, "admin"),
        isNull(users.disabledAt),
        isNotNull(users.passwordHash),
      ),
    );
  return row?.admins ?? 0;
}

/** Changes a person's name or password, or whether they may sign in. */
export async function updateUser(
  db: Db,
  id: string,
  change: { name?: string; passwordHash?: string; disabledAt?: Date | null },
): Promise<void> {
  await db.update(users).set(change).where(eq(users.id, id));
}

/** Gives a person these memberships instead of those they have. */
export async function replaceMemberships(
  db: Db,
  userId: string,
  rows: readonly Membership[],
): Promise<void> {
  await db.delete(memberships).where(eq(memberships.userId, userId));
  if (rows.length === 0) return;
  await db
    .insert(memberships)
    .values(rows.map(({ projectId, role }) => ({ userId, projectId, role })));
}

/** Ends every sign-in of a person; those that ended keep their time. */
export async function setSessionsRevoked(db: Db, userId: string, at: Date): Promise<void> {
  await db
    .update(userSessions)
    .set({ revokedAt: at })
    .where(and(eq(userSessions.userId, userId), isNull(userSessions.revokedAt)));
}

/** Makes the link of a person, by the hash of its token; an earlier one stops working. */
export async function putUserSetupLink(
  db: Db,
  row: { userId: string; hash: string; expiresAt: Date },
): Promise<void> {
  await deleteUserSetupLinks(db, row.userId);
  await db.insert(userSetupLinks).values(row);
}

/** Makes every link of a person useless. */
export async function deleteUserSetupLinks(db: Db, userId: string): Promise<void> {
  await db.delete(userSetupLinks).where(eq(userSetupLinks.userId, userId));
}

/** Whose password a link sets, where it has not expired and they are not disabled; or null. */
export async function findSetupLinkUser(db: Db, hash: string, now: Date) {
  const [row] = await db
    .select({ id: users.id, email: users.email, name: users.name })
    .from(userSetupLinks)
    .innerJoin(users, eq(users.id, userSetupLinks.userId))
    .where(
      and(
        eq(userSetupLinks.hash, hash),
        gt(userSetupLinks.expiresAt, now),
        isNull(users.disabledAt),
      ),
    );
  return row ?? null;
}
