import type { ChannelConfig } from "@/lib/channels/channel";
import { DeliveryError } from "@/lib/channels/delivery-error";
import {
  mainUrlOf,
  type Notice,
  type NoticeAlert,
  type Receipt,
  shownAlertsOf,
  titleOf,
  urlOf,
} from "@/lib/channels/notice";
import { type Outgoing, postOutgoing } from "@/lib/channels/post-outgoing";

/** Slack refuses a longer text of a section, and more blocks than 50. */
const MAX_TEXT = 2_900;

/** Posts a notice to an incoming webhook of Slack. @throws DeliveryError */
export async function sendSlack(
  outgoing: Outgoing,
  config: Extract<ChannelConfig, { type: "slack" }>,
  notice: Notice,
): Promise<Receipt> {
  const body = JSON.stringify(toMessage(notice));
  const headers = { "content-type": "application/json", "outlay-notice-id": notice.id };
  const { status, text } = await postOutgoing(outgoing, config.url, { body, headers });
  if (text.startsWith("no_"))
    throw new DeliveryError(`Slack answered ${text.slice(0, 100)}`, { status });
  return { status, text: `HTTP ${status}` };
}

/** A message of blocks; its `text` is what a notification shows. */
export function toMessage(notice: Notice) {
  const { shown, rest } = shownAlertsOf(notice);
  const sections = shown.map((alert) => section(toMarkdown(notice, alert)));
  return {
    text: escapeSlack(`${titleOf(notice)} ${mainUrlOf(notice)}`),
    blocks: [
      ...sections,
      ...(rest === "" ? [] : [section(`${escapeSlack(rest)} <${mainUrlOf(notice)}|See all>`)]),
    ],
    unfurl_links: false,
  };
}

/** Verbatim: else Slack makes links of addresses and channels that stand in a name, and calls whom it mentions. */
function section(text: string) {
  return { type: "section", text: { type: "mrkdwn", text, verbatim: true } };
}

function toMarkdown(notice: Notice, alert: NoticeAlert): string {
  const words = [
    `*${alert.title}*`,
    ...alert.lines,
    `Stops next: ${alert.whatStopsNext}`,
    `Told: ${alert.toldTo}. Since ${alert.since}.`,
  ].join("\n");
  // Cut before it is escaped: half an entity would be text of its own.
  return `${escapeSlack(words.slice(0, MAX_TEXT / 5))}\n<${urlOf(notice, alert)}|Act on it>`;
}

/** Slack's three control characters. A name that holds `<!channel>` must call nobody. */
export function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
