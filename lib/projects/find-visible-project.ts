import { findProjectBySlug, type ProjectRow } from "@/db/queries/projects";
import type { ActionContext } from "@/lib/auth/actor";
import { canSee, projectNotFound } from "@/lib/projects/resolve-projects";

/**
 * A project by slug.
 * @throws OutlayError `not_found`, in the same words whether it does not exist or may not be seen.
 */
export async function findVisibleProject(
  context: ActionContext,
  slug: string,
): Promise<ProjectRow> {
  const project = await findProjectBySlug(context.db, slug);
  if (!project || !canSee(context.actor, project.id)) throw projectNotFound(slug);
  return project;
}
