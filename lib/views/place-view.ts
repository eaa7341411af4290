import { type ActionContext, type Actor, can, forbidden } from "@/lib/auth/actor";
import type { Permission } from "@/lib/permissions";
import { findVisibleProject } from "@/lib/projects/find-visible-project";
import { readViewQuery } from "@/lib/views/read-view-query";
import type { ViewScreen } from "@/lib/views/screen-params";

/**
 * What a view shows and of which project.
 * @returns the query without its project, and the project's id; null: all that its reader may see
 * @throws OutlayError `unprocessable` for the query, `not_found` for its project
 */
export async function placeView(
  context: ActionContext,
  screen: ViewScreen,
  text: string,
): Promise<{ projectId: string | null; query: string }> {
  const { project, query } = readViewQuery(screen, text);
  if (project === null) return { projectId: null, query };
  return { projectId: (await findVisibleProject(context, project)).id, query };
}

/**
 * A view of all projects shows each reader what they may see. Saving one for oneself takes the right in any project;
 * what everybody finds takes it in all of them.
 * @throws OutlayError `forbidden`
 */
export function requireViewRight(
  actor: Actor,
  permission: Extract<Permission, "views.save" | "views.share" | "views.manage">,
  projectId: string | null,
): void {
  const isOneself = permission === "views.save" && projectId === null;
  const places = isOneself ? placesOf(actor) : [projectId];
  if (!places.some((place) => can(actor, permission, place))) throw forbidden(actor, permission);
}

function placesOf(actor: Actor): (string | null)[] {
  if (actor.type === "system") return [null];
  return actor.type === "key"
    ? [actor.projectId]
    : actor.memberships.map(({ projectId }) => projectId);
}
