import { type ChannelRow, lockChannelRow, updateChannelRow } from "@/db/queries/channels";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ChannelConfig } from "@/lib/channels/channel";
import { toChannelAnswer } from "@/lib/channels/channel-answer";
import { readChannelRow, sealConfig, unsealConfig } from "@/lib/channels/channel-row";
import type { SavedChannelAnswer, UpdateChannelInput } from "@/lib/channels/channel-schemas";
import { type ChannelSettings, changeConfig } from "@/lib/channels/check-config";
import { checkMatch } from "@/lib/channels/check-match";
import {
  type ChannelContext,
  channelNotFound,
  channelReaderOf,
  findChangeableChannel,
} from "@/lib/channels/find-channel";
import { SealError } from "@/lib/channels/seal";
import { OutlayError } from "@/lib/errors";

/**
 * Changes a channel; what waits for it is sent to the new address.
 * @throws OutlayError `not_found` (also once it is removed), `forbidden`, `unprocessable`, `conflict` where what it leads
 * to cannot be decrypted
 */
export async function updateChannel(
  context: ChannelContext & { env: ChannelSettings },
  id: string,
  { config: wanted, name, audience, match }: UpdateChannelInput,
): Promise<SavedChannelAnswer> {
  await findChangeableChannel(context, id);
  if (match) await checkMatch(context, match);
  const { sealingSecret, env } = context;
  const saved = await context.db.transaction(async (tx) => {
    const row = await lockChannelRow(tx, id);
    if (!row || row.archivedAt) throw channelNotFound();
    const changed = wanted && changeConfig(openConfig(sealingSecret, row), wanted, env);
    const before = stateOf(row);
    const after = await updateChannelRow(tx, id, {
      name: name ?? row.name,
      audience: audience ?? row.audience,
      match: match ?? row.match,
      updatedAt: new Date(),
      ...(changed ? { config: sealConfig(sealingSecret, id, changed.config) } : {}),
    });
    await recordAudit(tx, context, {
      action: "channel.update",
      targetType: "channel",
      targetId: id,
      projectId: row.projectId,
      before,
      // That it leads elsewhere is worth a row; where to is a secret.
      after: { ...stateOf(after), ...(changed ? { config: "changed" } : {}) },
    });
    return { row: after, secret: changed?.madeSecret ?? null };
  });
  const answer = toChannelAnswer(saved.row, await channelReaderOf(context));
  return { ...answer, secret: saved.secret };
}

function stateOf(row: ChannelRow) {
  const { name, audience, match } = readChannelRow(row);
  return { name, audience, match };
}

function openConfig(sealingSecret: string, row: ChannelRow): ChannelConfig {
  try {
    return unsealConfig(sealingSecret, row);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    throw new OutlayError("conflict", error.message, { cause: error });
  }
}
