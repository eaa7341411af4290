import type { Db } from "@/db/postgres";
import { can, type KeyActor } from "@/lib/auth/actor";
import type { SessionActor } from "@/lib/auth/find-session-actor";
import type { Env } from "@/lib/env";
import { PERMISSIONS } from "@/lib/permissions";
import { getSettings } from "@/lib/settings/get-settings";
import type { MeAnswer } from "@/lib/users/me-schemas";

/** Who asks, and what they may do in these projects: a screen hides what its reader may not do. */
export async function getMe(context: {
  db: Db;
  env: Pick<Env, "timeZone">;
  actor: KeyActor | SessionActor;
  projects: readonly { id: string }[];
}): Promise<MeAnswer> {
  const { actor, projects } = context;
  const settings = await getSettings(context.db, context.env);
  const isUser = actor.type === "user";
  return {
    user: isUser ? { id: actor.id, email: actor.email, name: actor.name } : null,
    memberships: isUser ? actor.memberships.map(({ slug, role }) => ({ project: slug, role })) : [],
    permissions: PERMISSIONS.filter((permission) =>
      projects.some((project) => can(actor, permission, project.id)),
    ),
    ...settings,
  };
}
