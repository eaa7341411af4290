import type { MembershipRow } from "@/db/queries/members";
import { findProjectBySlug } from "@/db/queries/projects";
import { type ActionContext, can } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { type Membership, permissionsOfRole } from "@/lib/permissions";
import { projectNotFound } from "@/lib/projects/resolve-projects";
import type { UserAnswer } from "@/lib/users/user-schemas";

/**
 * The memberships that an input names by slug.
 * @throws OutlayError `not_found` for a project that is not there
 */
export async function resolveMemberships(
  { db }: Pick<ActionContext, "db">,
  input: UserAnswer["memberships"],
): Promise<MembershipRow[]> {
  const rows: MembershipRow[] = [];
  for (const { project, role } of input) {
    if (project === null) {
      rows.push({ projectId: null, role, slug: null });
      continue;
    }
    const row = await findProjectBySlug(db, project);
    if (!row) throw projectNotFound(project);
    rows.push({ projectId: row.id, role, slug: row.slug });
  }
  return rows;
}

/**
 * Nobody gives a right that they do not have: a leaked key with the scope `admin` would otherwise make itself a person
 * who reads everything. Asked of each role that is given, and before a link that opens an account.
 * @throws OutlayError `forbidden`
 */
export function requireOwnRights(
  { actor }: Pick<ActionContext, "actor">,
  memberships: readonly Membership[],
): void {
  for (const { projectId, role } of memberships) {
    const rights = permissionsOfRole(role, projectId === null);
    const missing = rights.filter((permission) => !can(actor, permission, projectId));
    if (missing.length === 0) continue;
    throw new OutlayError(
      "forbidden",
      `Nobody gives a right that they do not have: the role ${role} holds ${missing.join(", ")}.`,
    );
  }
}
