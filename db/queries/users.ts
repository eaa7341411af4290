import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { prepareOnce } from "@/db/prepare-once";
import { projects } from "@/db/schema/projects";
import { memberships, userSessions, users } from "@/db/schema/users";
import type { Role } from "@/lib/permissions";

export type UserRow = typeof users.$inferSelect;

/** A person by e-mail, whatever its case, or null. */
export async function findUserByEmail(db: Db, email: string): Promise<UserRow | null> {
  const [row] = await db.select().from(users).where(sql`lower(${users.email}) = lower(${email})`);
  return row ?? null;
}

/** Whether anybody has an account. */
export async function hasUsers(db: Db): Promise<boolean> {
  const rows = await db.select({ id: users.id }).from(users).limit(1);
  return rows.length > 0;
}

/** Adds a person. @returns the id. */
export async function insertUser(db: Db, row: typeof users.$inferInsert): Promise<string> {
  const [made] = await db.insert(users).values(row).returning({ id: users.id });
  if (!made) throw new Error("the user was not stored");
  return made.id;
}

/** Gives a person a role in a project, or in every one (`projectId` null). */
export async function insertMembership(
  db: Db,
  row: { userId: string; projectId: string | null; role: Role },
): Promise<void> {
  await db.insert(memberships).values(row);
}

const MEMBERSHIP = {
  projectId: memberships.projectId,
  role: memberships.role,
  slug: projects.slug,
  archivedAt: projects.archivedAt,
};

/** A person's memberships with the slug of each project (null: every project); removed projects are left out. */
export async function listMembershipsOf(db: Db, userId: string) {
  const rows = await db
    .select(MEMBERSHIP)
    .from(memberships)
    .leftJoin(projects, eq(projects.id, memberships.projectId))
    .where(eq(memberships.userId, userId))
    .orderBy(memberships.createdAt, memberships.id);
  return withoutRemoved(rows);
}

function withoutRemoved<Row extends { archivedAt: Date | null }>(rows: readonly Row[]) {
  return rows
    .filter((row) => row.archivedAt === null)
    .map(({ archivedAt: _, ...membership }) => membership);
}

/** Opens a sign-in. @returns its id. */
export async function insertUserSession(
  db: Db,
  row: { userId: string; expiresAt: Date },
): Promise<string> {
  const [made] = await db.insert(userSessions).values(row).returning({ id: userSessions.id });
  if (!made) throw new Error("the session was not stored");
  return made.id;
}

/** Each request of a person asks it, so it is one statement: who it is, and a row for each membership. */
const prepareLiveSession = prepareOnce((db) =>
  db
    .select({
      user: { id: users.id, email: users.email, name: users.name },
      membership: MEMBERSHIP,
    })
    .from(userSessions)
    .innerJoin(users, eq(users.id, userSessions.userId))
    .leftJoin(memberships, eq(memberships.userId, users.id))
    .leftJoin(projects, eq(projects.id, memberships.projectId))
    .where(
      and(
        eq(userSessions.id, sql.placeholder("sessionId")),
        isNull(userSessions.revokedAt),
        gt(userSessions.expiresAt, sql.placeholder("now")),
        isNull(users.disabledAt),
      ),
    )
    .orderBy(memberships.createdAt, memberships.id)
    .prepare("live_session"),
);

/**
 * The person of a sign-in that is neither revoked nor expired, and who is not disabled, with their memberships as
 * `listMembershipsOf` gives them; or null.
 */
export async function findLiveSessionUser(db: Db, sessionId: string, now: Date) {
  const rows = await prepareLiveSession(db).execute({ sessionId, now: now.toISOString() });
  const [first] = rows;
  if (!first) return null;
  const held = rows.flatMap(({ membership }) => {
    const { role, ...rest } = membership;
    return role === null ? [] : [{ role, ...rest }];
  });
  return { ...first.user, memberships: withoutRemoved(held) };
}

/** Ends a sign-in; one that has ended keeps its time. @returns the person's id, or null where nothing was open. */
export async function setUserSessionRevoked(db: Db, sessionId: string, at: Date) {
  const [row] = await db
    .update(userSessions)
    .set({ revokedAt: at })
    .where(and(eq(userSessions.id, sessionId), isNull(userSessions.revokedAt)))
    .returning({ userId: userSessions.userId });
  return row?.userId ?? null;
}
