import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ChannelTestAnswer } from "@/lib/channels/channel-schemas";
import { DeliveryError } from "@/lib/channels/delivery-error";
import {
  type ChannelContext,
  channelNotFound,
  findChangeableChannel,
} from "@/lib/channels/find-channel";
import type { Notice } from "@/lib/channels/notice";
import { type NoticeWay, sendNotice } from "@/lib/channels/send-notice";

/**
 * Sends a notice that says it is a test, once, and tells what came of it.
 * @throws OutlayError `not_found` (also once it is removed), `forbidden`
 */
export async function testChannel(
  context: ChannelContext & { way: Omit<NoticeWay, "sealingSecret">; publicUrl: string },
  id: string,
): Promise<ChannelTestAnswer> {
  const row = await findChangeableChannel(context, id);
  if (row.archivedAt) throw channelNotFound();
  const { way, publicUrl, sealingSecret, actor } = context;
  const startedMs = performance.now();
  const notice = testNotice(row.name, actor.name, publicUrl);
  const outcome = await sendNotice({ ...way, sealingSecret }, row, notice, Date.now()).then(
    ({ text }) => ({ sent: true, receipt: text, error: null }),
    (error: unknown) => {
      if (!(error instanceof DeliveryError)) throw error;
      return { sent: false, receipt: null, error: error.message };
    },
  );
  await context.db.transaction((tx) =>
    recordAudit(tx, context, {
      action: "channel.test",
      targetType: "channel",
      targetId: id,
      projectId: row.projectId,
      after: { sent: outcome.sent },
    }),
  );
  return { ...outcome, took_ms: Math.round(performance.now() - startedMs) };
}

function testNotice(channel: string, by: string, publicUrl: string): Notice {
  const id = randomUUID();
  return {
    id,
    dedupKey: `outlay-test-${id}`,
    event: "test",
    publicUrl,
    alerts: [
      {
        id,
        kind: "threshold",
        project: null,
        title: `This is a test of the channel ${channel}`,
        lines: [`${by} sent it from Outlay. Nothing was spent, and nothing is wrong.`],
        toldTo: "this channel alone",
        whatStopsNext: "Nothing.",
        since: new Date().toISOString(),
        severity: "info",
        link: "/alerts",
        facts: null,
      },
    ],
  };
}
