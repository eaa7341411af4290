import { listChannelRows } from "@/db/queries/channels";
import { type DeliveryRow, findLastDeliveries } from "@/db/queries/deliveries";
import { can } from "@/lib/auth/actor";
import { toChannelAnswer } from "@/lib/channels/channel-answer";
import type { ListedChannelAnswer } from "@/lib/channels/channel-schemas";
import { type ChannelContext, channelReaderOf } from "@/lib/channels/find-channel";

/** Channels of the reader's projects, and those of every project: they tell of the reader's too. */
export async function listChannels(
  context: ChannelContext,
  projects: readonly { id: string }[],
): Promise<{ channels: ListedChannelAnswer[] }> {
  const readable = projects.filter(({ id }) => can(context.actor, "channels.read", id));
  const rows = await listChannelRows(
    context.db,
    readable.map(({ id }) => id),
  );
  const reader = await channelReaderOf(context);
  const last = await findLastDeliveries(
    context.db,
    rows.map(({ id }) => id),
  );
  return {
    channels: rows.map((row) => ({
      ...toChannelAnswer(row, reader),
      last_delivery: toLastDelivery(last.get(row.id)),
    })),
  };
}

function toLastDelivery(row: DeliveryRow | undefined): ListedChannelAnswer["last_delivery"] {
  const state = (["pending", "sent", "dead"] as const).find((one) => one === row?.state);
  if (!row || !state) return null;
  return {
    state,
    due_at: row.dueAt.toISOString(),
    sent_at: row.sentAt?.toISOString() ?? null,
    last_error: row.lastError,
  };
}
