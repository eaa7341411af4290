import { listMembers } from "@/db/queries/members";
import { type ActionContext, can } from "@/lib/auth/actor";
import { toUserAnswer } from "@/lib/users/user-row";
import type { UserAnswer } from "@/lib/users/user-schemas";

/**
 * The members of these projects and of every project, by name, with no word of other projects. Who may change members
 * sees everybody: somebody without a role is somebody to mend.
 * @param projects those where the caller holds `users.read`
 */
export async function listUsers(
  context: Pick<ActionContext, "db" | "actor">,
  projects: readonly { id: string }[],
): Promise<{ users: UserAnswer[] }> {
  const everybody = await listMembers(context.db);
  if (can(context.actor, "users.write", null)) return { users: everybody.map(toUserAnswer) };
  const ids = new Set(projects.map(({ id }) => id));
  const seen = everybody.map((member) => ({
    ...member,
    memberships: member.memberships.filter(
      ({ projectId }) => projectId === null || ids.has(projectId),
    ),
  }));
  return { users: seen.filter(({ memberships }) => memberships.length > 0).map(toUserAnswer) };
}
