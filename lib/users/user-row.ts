import type { MemberRow } from "@/db/queries/members";
import type { UserAnswer } from "@/lib/users/user-schemas";

/** A person as they are answered. */
export function toUserAnswer(row: MemberRow): UserAnswer {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    state: stateOf(row),
    memberships: row.memberships.map(({ slug, role }) => ({ project: slug, role })),
    created_at: row.createdAt.toISOString(),
    last_sign_in_at: row.lastSignInAt?.toISOString() ?? null,
  };
}

function stateOf({ disabledAt, hasPassword }: MemberRow): UserAnswer["state"] {
  if (disabledAt) return "disabled";
  return hasPassword ? "active" : "invited";
}
