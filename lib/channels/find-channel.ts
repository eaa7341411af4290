import { type ChannelRow, findChannelRow } from "@/db/queries/channels";
import { listProjectRows } from "@/db/queries/projects";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import type { ChannelReader } from "@/lib/channels/channel-answer";
import { OutlayError } from "@/lib/errors";
import { canSee } from "@/lib/projects/resolve-projects";

/** What every verb of channels is given beside who acts. */
export interface ChannelContext extends ActionContext {
  sealingSecret: string;
}

/** The answer for a channel that is not there, or not there for this reader. */
export function channelNotFound(): OutlayError {
  return new OutlayError("not_found", "There is no such channel.");
}

/**
 * A channel that somebody may know of and is about to change.
 * @throws OutlayError `not_found`, `forbidden`
 */
export async function findChangeableChannel(
  { db, actor }: ActionContext,
  id: string,
): Promise<ChannelRow> {
  const row = await findChannelRow(db, id);
  if (!row || (row.projectId !== null && !canSee(actor, row.projectId))) throw channelNotFound();
  requirePermission(actor, "channels.write", row.projectId);
  return row;
}

/** Who reads, with the names of projects. */
export async function channelReaderOf(context: ChannelContext): Promise<ChannelReader> {
  const { actor, sealingSecret, db } = context;
  const rows = await listProjectRows(db);
  return { actor, sealingSecret, slugs: new Map(rows.map(({ id, slug }) => [id, slug])) };
}
