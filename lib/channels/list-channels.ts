import { listChannelRows } from "@/db/queries/channels";
import { can } from "@/lib/auth/actor";
import { toChannelAnswer } from "@/lib/channels/channel-answer";
import type { ChannelAnswer } from "@/lib/channels/channel-schemas";
import { type ChannelContext, channelReaderOf } from "@/lib/channels/find-channel";

/** Channels of the reader's projects, and those of every project: they tell of the reader's too. */
export async function listChannels(
  context: ChannelContext,
  projects: readonly { id: string }[],
): Promise<{ channels: ChannelAnswer[] }> {
  const readable = projects.filter(({ id }) => can(context.actor, "channels.read", id));
  const rows = await listChannelRows(
    context.db,
    readable.map(({ id }) => id),
  );
  const reader = await channelReaderOf(context);
  return { channels: rows.map((row) => toChannelAnswer(row, reader)) };
}
