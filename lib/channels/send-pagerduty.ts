import type { ChannelConfig } from "@/lib/channels/channel";
import {
  mainUrlOf,
  type Notice,
  type Receipt,
  severityOf,
  shownAlertsOf,
  titleOf,
} from "@/lib/channels/notice";
import { type Outgoing, postOutgoing } from "@/lib/channels/post-outgoing";

/** PagerDuty cuts a longer summary by itself, and refuses an event above 512 KiB. */
const MAX_SUMMARY = 1_024;

/**
 * Sends an event of PagerDuty's Events API v2: what opens an incident, and what resolves it. Tries of one notice carry
 * one `dedup_key`, so a second one of them opens no second incident.
 * @throws DeliveryError
 */
export async function sendPagerduty(
  outgoing: Outgoing,
  config: Extract<ChannelConfig, { type: "pagerduty" }>,
  notice: Notice,
): Promise<Receipt> {
  const body = JSON.stringify({ routing_key: config.routing_key, ...toEvent(notice) });
  const headers = { "content-type": "application/json" };
  const { status } = await postOutgoing(outgoing, config.url, { body, headers });
  return { status, text: `HTTP ${status}` };
}

function toEvent(notice: Notice) {
  const dedup_key = notice.dedupKey;
  if (notice.event === "resolved") return { event_action: "resolve", dedup_key };
  const { shown, rest } = shownAlertsOf(notice);
  const url = mainUrlOf(notice);
  return {
    event_action: "trigger",
    dedup_key,
    client: "Outlay",
    client_url: url,
    links: [{ href: url, text: "Act on it in Outlay" }],
    payload: {
      summary: titleOf(notice).slice(0, MAX_SUMMARY),
      source: notice.publicUrl,
      severity: severityOf(notice),
      timestamp: shown[0]?.since,
      component: shown[0]?.project ?? "installation",
      class: shown[0]?.kind,
      custom_details: {
        alerts: shown.map(({ title, lines, whatStopsNext, toldTo }) => {
          return { title, lines, stops_next: whatStopsNext, told: toldTo };
        }),
        ...(rest === "" ? {} : { rest }),
      },
    },
  };
}
