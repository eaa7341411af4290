import nodemailer from "nodemailer";
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

/** Each step of the conversation; and all of it, since a server may take its time at every step. */
const STEP_MS = 10_000;
const WHOLE_MS = 20_000;
const MAX_SUBJECT = 200;

/**
 * Sends a notice as mail by the server of SMTP_URL. Each try has the same Message-ID, by which a mailbox knows a second
 * one. A server that takes nobody's is a failure; of some, the receipt says how many it refused.
 * @throws DeliveryError
 */
export async function sendEmail(
  smtpUrl: string | null,
  config: Extract<ChannelConfig, { type: "email" }>,
  notice: Notice,
): Promise<Receipt> {
  if (smtpUrl === null) throw new DeliveryError("The setting SMTP_URL is not set.");
  const { url, from } = readSmtpUrl(smtpUrl, notice.publicUrl);
  const transport = nodemailer.createTransport({
    url,
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
    // What a template names must never become a file of this machine, or a request from it.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf("@") + 1);
  const mail = {
    from: { name: "Outlay", address: from },
    to: config.to,
    messageId: `<${notice.id}@${domain}>`,
    subject: oneLine(`[Outlay] ${titleOf(notice)}`).slice(0, MAX_SUBJECT),
    text: toText(notice),
    html: toHtml(notice),
    headers: { "Outlay-Notice-Id": notice.id, "Auto-Submitted": "auto-generated" },
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it did not answer in time")), WHOLE_MS);
  });
  try {
    const { response, rejected } = await Promise.race([transport.sendMail(mail), late]);
    // Some took it: to send it again would tell these again, for ever.
    const refused = rejected.length === 0 ? "" : `; ${rejected.length} recipients were refused`;
    const text = `${oneLine(response).slice(0, 200)}${refused}`;
    return { status: Number(response.slice(0, 3)) || null, text };
  } catch (error) {
    throw explain(error as Error);
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}

/** Takes our own parameter out of the setting: `from`, else `outlay@` the public address's host. */
function readSmtpUrl(smtpUrl: string, publicUrl: string): { url: string; from: string } {
  const url = new URL(smtpUrl);
  const from = url.searchParams.get("from") ?? `outlay@${new URL(publicUrl).hostname}`;
  url.searchParams.delete("from");
  return { url: url.toString(), from: oneLine(from) };
}

function explain(error: Error & { responseCode?: number; code?: string }): DeliveryError {
  const { message, responseCode, code } = error;
  // A server repeats what it was sent, which may be a user's name; the password it never says.
  const words = oneLine(message).slice(0, 200);
  return new DeliveryError(`The mail server did not take it: ${words || code}`, {
    status: responseCode ?? null,
    cause: error,
  });
}

/** A name with a line break in it must not begin another header. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}

function wordsOf(alert: NoticeAlert): string[] {
  return [
    ...alert.lines,
    `Stops next: ${alert.whatStopsNext}`,
    `Told: ${alert.toldTo}. Since ${alert.since}.`,
  ].map(oneLine);
}

function toText(notice: Notice): string {
  const { shown, rest } = shownAlertsOf(notice);
  const parts = shown.map((alert) =>
    [oneLine(alert.title), ...wordsOf(alert), urlOf(notice, alert)].join("\n"),
  );
  return [...parts, ...(rest === "" ? [] : [`${rest} ${mainUrlOf(notice)}`])].join("\n\n");
}

function toHtml(notice: Notice): string {
  const { shown, rest } = shownAlertsOf(notice);
  const parts = shown.map((alert) => {
    const lines = wordsOf(alert).map((line) => `<p>${escapeHtml(line)}</p>`);
    const link = `<p><a href="${escapeHtml(urlOf(notice, alert))}">Act on it</a></p>`;
    return `<h2>${escapeHtml(oneLine(alert.title))}</h2>${lines.join("")}${link}`;
  });
  const more =
    rest === ""
      ? ""
      : `<p>${escapeHtml(rest)} <a href="${escapeHtml(mainUrlOf(notice))}">See all</a></p>`;
  return `<!doctype html><html><body>${parts.join("<hr>")}${more}</body></html>`;
}

/** For text and attributes in double quotes. */
function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
