import { wordsOfRole } from "@/lib/permission-words";
import type { Role } from "@/lib/permissions";
import type { UserAnswer } from "@/lib/users/user-schemas";

/** "Engineer". */
export function roleName(role: Role): string {
  return role.charAt(0).toUpperCase() + role.slice(1);
}

/** What a role may do, one right a line; what every viewer may is said once: "all that a viewer may". */
export function listRights(role: Role, isEverywhere: boolean): string[] {
  const rights = wordsOfRole(role, isEverywhere);
  const common = wordsOfRole("viewer", isEverywhere);
  const isMore = role !== "viewer" && common.every((word) => rights.includes(word));
  if (!isMore) return rights;
  return ["all that a viewer may", ...rights.filter((word) => !common.includes(word))];
}

/** The same as a sentence: "May see prices, set prices." */
export function describeRole(role: Role, isEverywhere: boolean): string {
  return `May ${listRights(role, isEverywhere).join(", ")}.`;
}

/** "Engineer in every project, finance in checkout". */
export function describeMemberships(memberships: UserAnswer["memberships"]): string {
  const parts = memberships.map(
    ({ project, role }) => `${role} in ${project === null ? "every project" : project}`,
  );
  const text = parts.join(", ");
  return text === "" ? "No role" : text.charAt(0).toUpperCase() + text.slice(1);
}
