import { listViewsFor } from "@/db/queries/views";
import type { ActionContext } from "@/lib/auth/actor";
import { toViewAnswer } from "@/lib/views/view-row";
import type { ViewAnswer } from "@/lib/views/view-schemas";

/** Views that somebody may open: their own and shared ones, of these projects and of all. By name. */
export async function listViews(
  { actor, db }: Pick<ActionContext, "actor" | "db">,
  projects: readonly { id: string }[],
): Promise<{ views: ViewAnswer[] }> {
  const userId = actor.type === "user" ? actor.id : null;
  const projectIds = projects.map(({ id }) => id);
  const rows = await listViewsFor(db, { projectIds, userId });
  return { views: rows.map((row) => toViewAnswer(row, actor)) };
}
