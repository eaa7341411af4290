import { randomUUID } from "node:crypto";
import { insertChannelRow } from "@/db/queries/channels";
import { recordAudit } from "@/lib/audit/record-audit";
import { requirePermission } from "@/lib/auth/actor";
import { toChannelAnswer } from "@/lib/channels/channel-answer";
import { sealConfig } from "@/lib/channels/channel-row";
import type { CreateChannelInput, SavedChannelAnswer } from "@/lib/channels/channel-schemas";
import { type ChannelSettings, makeConfig } from "@/lib/channels/check-config";
import { checkMatch } from "@/lib/channels/check-match";
import { type ChannelContext, channelReaderOf } from "@/lib/channels/find-channel";
import { findVisibleProject } from "@/lib/projects/find-visible-project";

/**
 * Makes a channel. One without a project is told of every project's alerts, so it takes the right in all of them.
 * @throws OutlayError `forbidden`, `not_found` for its project, `unprocessable` for an address that is not public
 */
export async function createChannel(
  context: ChannelContext & { env: ChannelSettings },
  input: CreateChannelInput,
): Promise<SavedChannelAnswer> {
  const { actor, db, sealingSecret, env } = context;
  const { name, type, audience, match, project = null } = input;
  const projectId = project === null ? null : (await findVisibleProject(context, project)).id;
  requirePermission(actor, "channels.write", projectId);
  await checkMatch(context, match);
  const { config, madeSecret } = makeConfig(input, env);
  const id = randomUUID();
  const row = await db.transaction(async (tx) => {
    const sealed = sealConfig(sealingSecret, id, config);
    const place = { id, projectId, createdBy: actor.name };
    const made = await insertChannelRow(tx, {
      ...place,
      name,
      type,
      audience,
      match,
      config: sealed,
    });
    await recordAudit(tx, context, {
      action: "channel.create",
      targetType: "channel",
      targetId: id,
      projectId,
      after: { name, type, audience, match },
    });
    return made;
  });
  return { ...toChannelAnswer(row, await channelReaderOf(context)), secret: madeSecret };
}
