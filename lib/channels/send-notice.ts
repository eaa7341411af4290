import type { ChannelRow } from "@/db/queries/channels";
import { unsealConfig } from "@/lib/channels/channel-row";
import { DeliveryError } from "@/lib/channels/delivery-error";
import type { Notice, Receipt } from "@/lib/channels/notice";
import type { Outgoing } from "@/lib/channels/post-outgoing";
import { SealError } from "@/lib/channels/seal";
import { sendEmail } from "@/lib/channels/send-email";
import { sendPagerduty } from "@/lib/channels/send-pagerduty";
import { sendSlack } from "@/lib/channels/send-slack";
import { sendWebhook } from "@/lib/channels/send-webhook";

/** How notices leave this process. */
export interface NoticeWay {
  sealingSecret: string;
  outgoing: Outgoing;
  smtpUrl: string | null;
}

/**
 * Sends a notice to a channel.
 * @returns what the channel said when it took it
 * @throws DeliveryError in words for people, without a secret
 */
export async function sendNotice(
  way: NoticeWay,
  channel: Pick<ChannelRow, "id" | "config">,
  notice: Notice,
  nowMs: number,
): Promise<Receipt> {
  const config = openConfig(way, channel);
  switch (config.type) {
    case "webhook":
      return sendWebhook(way.outgoing, config, notice, nowMs);
    case "slack":
      return sendSlack(way.outgoing, config, notice);
    case "pagerduty":
      return sendPagerduty(way.outgoing, config, notice);
    case "email":
      return sendEmail(way.smtpUrl, config, notice);
  }
}

function openConfig(way: NoticeWay, channel: Pick<ChannelRow, "id" | "config">) {
  try {
    return unsealConfig(way.sealingSecret, channel);
  } catch (error) {
    if (error instanceof SealError) throw new DeliveryError(error.message, { cause: error });
    throw error;
  }
}
