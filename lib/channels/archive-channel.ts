import { lockChannelRow, updateChannelRow } from "@/db/queries/channels";
import { cancelDeliveriesOf } from "@/db/queries/deliveries";
import { recordAudit } from "@/lib/audit/record-audit";
import { toChannelAnswer } from "@/lib/channels/channel-answer";
import type { ChannelAnswer } from "@/lib/channels/channel-schemas";
import {
  type ChannelContext,
  channelNotFound,
  channelReaderOf,
  findChangeableChannel,
} from "@/lib/channels/find-channel";

/**
 * Removes a channel: nothing is sent to it any more, what waits for it is cancelled, and what was sent stays to be seen.
 * Doing it again changes nothing.
 * @throws OutlayError `not_found`, `forbidden`
 */
export async function archiveChannel(context: ChannelContext, id: string): Promise<ChannelAnswer> {
  await findChangeableChannel(context, id);
  const row = await context.db.transaction(async (tx) => {
    const found = await lockChannelRow(tx, id);
    if (!found) throw channelNotFound();
    if (found.archivedAt) return found;
    const archivedAt = new Date();
    await cancelDeliveriesOf(tx, id);
    await recordAudit(tx, context, {
      action: "channel.archive",
      targetType: "channel",
      targetId: id,
      projectId: found.projectId,
      before: { archived_at: null },
      after: { archived_at: archivedAt.toISOString() },
    });
    return updateChannelRow(tx, id, { archivedAt, updatedAt: archivedAt });
  });
  return toChannelAnswer(row, await channelReaderOf(context));
}
