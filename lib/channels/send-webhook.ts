import { createHmac } from "node:crypto";
import type { ChannelConfig } from "@/lib/channels/channel";
import {
  mainUrlOf,
  type Notice,
  type Receipt,
  severityOf,
  titleOf,
  urlOf,
} from "@/lib/channels/notice";
import { type Outgoing, postOutgoing } from "@/lib/channels/post-outgoing";

/** A body stays readable for whoever takes it: of a digest with more alerts the rest is counted. */
const MAX_ALERTS = 100;

/**
 * Posts a notice as JSON, signed over its time and body, so that a receiver can refuse what others send and what is
 * sent again later (docs/channels.md).
 * @throws DeliveryError
 */
export async function sendWebhook(
  outgoing: Outgoing,
  config: Extract<ChannelConfig, { type: "webhook" }>,
  notice: Notice,
  nowMs: number,
): Promise<Receipt> {
  const body = JSON.stringify(toBody(notice));
  const answer = await postOutgoing(outgoing, config.url, {
    body,
    headers: {
      "content-type": "application/json",
      "outlay-notice-id": notice.id,
      "outlay-signature": signBody(config.secret, body, nowMs),
    },
  });
  return { status: answer.status, text: `HTTP ${answer.status}` };
}

/** `t=<seconds>,v1=<hex HMAC-SHA256 of "t.body">`. @param nowMs milliseconds since 1970 */
export function signBody(secret: string, body: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  const signature = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${signature}`;
}

function toBody(notice: Notice) {
  return {
    id: notice.id,
    event: notice.event,
    title: titleOf(notice),
    severity: severityOf(notice),
    url: mainUrlOf(notice),
    alerts_count: notice.alerts.length,
    alerts: notice.alerts.slice(0, MAX_ALERTS).map((alert) => ({
      id: alert.id,
      kind: alert.kind,
      project: alert.project,
      title: alert.title,
      lines: alert.lines,
      severity: alert.severity,
      since: alert.since,
      told_to: alert.toldTo,
      what_stops_next: alert.whatStopsNext,
      url: urlOf(notice, alert),
      facts: alert.facts,
    })),
  };
}
