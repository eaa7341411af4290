import { listProjectRows } from "@/db/queries/projects";
import { type ActionContext, can } from "@/lib/auth/actor";
import { toProjectAnswer } from "@/lib/projects/project-row";
import type { ProjectAnswer } from "@/lib/projects/project-schemas";

/** Every project that the actor may read, by name: for an installation key all, not only its own. */
export async function listProjects(
  context: Pick<ActionContext, "db" | "actor">,
): Promise<{ projects: ProjectAnswer[] }> {
  const rows = await listProjectRows(context.db);
  const readable = rows.filter((row) => can(context.actor, "projects.read", row.id));
  return { projects: readable.map(toProjectAnswer) };
}
