import type { ChannelRow } from "@/db/queries/channels";
import { AUDIENCES } from "@/lib/alerts/alert";
import {
  CHANNEL_TYPES,
  type Channel,
  type ChannelConfig,
  channelConfigSchema,
  channelMatchSchema,
} from "@/lib/channels/channel";
import { seal, unseal } from "@/lib/channels/seal";

/** Reads a stored channel, without what is sealed. */
export function readChannelRow(row: ChannelRow): Channel {
  const type = CHANNEL_TYPES.find((one) => one === row.type);
  const audience = AUDIENCES.find((one) => one === row.audience);
  if (!type || !audience) throw new Error(`the channel ${row.id} is none of ours`);
  const { id, projectId, name } = row;
  return { id, projectId, name, type, audience, match: channelMatchSchema.parse(row.match) };
}

/** Seals what a channel leads to, for its own row. */
export function sealConfig(sealingSecret: string, id: string, config: ChannelConfig): string {
  return seal(sealingSecret, id, JSON.stringify(config));
}

/** Reads what a channel leads to. @throws SealError where the key is another one */
export function unsealConfig(
  sealingSecret: string,
  { id, config }: Pick<ChannelRow, "id" | "config">,
): ChannelConfig {
  return channelConfigSchema.parse(JSON.parse(unseal(sealingSecret, id, config)));
}
