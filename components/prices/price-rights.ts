import { canMember, holdersOf, type MemberRights, type Permission } from "@/lib/permissions";
import type { MeAnswer } from "@/lib/users/me-schemas";

/** Whether a person may do something in a project, by its slug; null: in every project. */
export function mayIn(
  me: Pick<MeAnswer, "memberships">,
  permission: Permission,
  slug: string | null,
) {
  // Memberships are told by slug here: the rule only compares them.
  const rights: MemberRights = {
    memberships: me.memberships.map(({ project, role }) => ({ projectId: project, role })),
  };
  return canMember(rights, permission, slug);
}

/** The sentence for who may not set prices: whom to ask. */
export function whoMayWrite(): string {
  const { roles } = holdersOf("prices.write");
  return `Your role may look at prices. Setting one takes ${roles.join(" or ")}: an admin of the project can give you that role.`;
}
