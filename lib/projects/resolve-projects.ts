import type { Db } from "@/db/postgres";
import { listProjectRows, type ProjectRow } from "@/db/queries/projects";
import { type Actor, can, forbidden } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { type Permission, ROLES, type Role, rolesIn } from "@/lib/permissions";

/** A project that a request is about. */
export interface ProjectAccess {
  id: string;
  slug: string;
  name: string;
  isDemo: boolean;
  /** Calls of UTC days before this instant expired; null: none did. */
  sealedBefore: Date | null;
  /** The person's highest role there; null for a key. */
  role: Role | null;
}

/**
 * The projects a request is about: those named by `project=<slug>|*`, or by default a key's own, or all
 * that the person may see. Only those where the actor holds `permission` are given.
 * @param permission null: seeing the project is enough
 * @throws OutlayError `not_found` for a project that does not exist or may not be seen (the same words
 * for both, so that nobody can find out which names exist); `forbidden` where none is left.
 */
export async function resolveProjects(
  db: Db,
  actor: Actor,
  requested: string | null,
  permission: Permission | null,
): Promise<ProjectAccess[]> {
  const seen = (await listProjectRows(db)).filter((project) => canSee(actor, project.id));
  const named = seen.filter((project) => isMeant(actor, project, requested));
  if (requested !== null && requested !== "*" && named.length === 0) {
    throw projectNotFound(requested);
  }
  const allowed = permission
    ? named.filter((project) => can(actor, permission, project.id))
    : named;
  if (permission && allowed.length === 0) throw forbidden(actor, permission);
  return allowed.map(({ id, slug, name, isDemo, sealedBefore }) => {
    return { id, slug, name, isDemo, sealedBefore, role: highestRole(actor, id) };
  });
}

/** The answer for a project that is not there, or not there for this reader. */
export function projectNotFound(slug: string): OutlayError {
  return new OutlayError(
    "not_found",
    `There is no project ${JSON.stringify(slug)} that you may see.`,
  );
}

/** Whether somebody may know that a project exists. */
export function canSee(actor: Actor, projectId: string): boolean {
  if (actor.type === "system") return true;
  if (actor.type === "key") return actor.isInstallation || actor.projectId === projectId;
  return rolesIn(actor, projectId).length > 0;
}

function isMeant(actor: Actor, project: ProjectRow, requested: string | null): boolean {
  if (requested === "*") return true;
  if (requested !== null) return project.slug === requested;
  return actor.type !== "key" || project.id === actor.projectId;
}

function highestRole(actor: Actor, projectId: string): Role | null {
  if (actor.type !== "user") return null;
  const held = rolesIn(actor, projectId);
  return ROLES.findLast((role) => held.includes(role)) ?? null;
}
