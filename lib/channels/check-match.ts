import { findProjectBySlug } from "@/db/queries/projects";
import type { ActionContext } from "@/lib/auth/actor";
import type { ChannelMatch } from "@/lib/channels/channel";
import { OutlayError } from "@/lib/errors";
import { canSee } from "@/lib/projects/resolve-projects";

/**
 * Refuses a channel that would wait for notices of a project that is not there: one letter amiss, and nobody is told.
 * @throws OutlayError `unprocessable` with the place of each
 */
export async function checkMatch(
  { db, actor }: Pick<ActionContext, "db" | "actor">,
  { project: slugs = [] }: ChannelMatch,
): Promise<void> {
  const errors: { path: string; message: string }[] = [];
  for (const [index, slug] of slugs.entries()) {
    const project = await findProjectBySlug(db, slug);
    if (project && canSee(actor, project.id)) continue;
    errors.push({ path: `match.project.${index}`, message: `is no project: ${slug}` });
  }
  if (errors.length === 0) return;
  throw new OutlayError("unprocessable", "The channel matches a project that is not there.", {
    errors,
  });
}
