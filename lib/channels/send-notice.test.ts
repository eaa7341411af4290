import fs from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ChannelConfig } from "@/lib/channels/channel";
import { sealConfig } from "@/lib/channels/channel-row";
import { DeliveryError } from "@/lib/channels/delivery-error";
import type { Notice, NoticeAlert } from "@/lib/channels/notice";
import { sendNotice } from "@/lib/channels/send-notice";
import { type Receiver, serveReceiver } from "@/lib/testing/serve-receiver";

let receiver: Receiver;
beforeAll(async () => {
  receiver = await serveReceiver();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = (response) => response.end("ok");
});
afterAll(() => receiver.close());

const NOW_MS = Date.parse("2026-07-01T11:00:05.900Z");
const SECRET = "whsec_of-the-tests-only";
const way = {
  sealingSecret: "a key of the tests only",
  outgoing: { mayReachPrivate: true },
  smtpUrl: null,
};
const alert: NoticeAlert = {
  id: "a-1",
  kind: "spike",
  project: "shop",
  title: "Feature <!channel> & Söhne spends 10 times what is usual",
  lines: ["From 10:00 to 11:00 <b>"],
  toldTo: "lead",
  whatStopsNext: "Nothing by itself.",
  since: "2026-07-01T10:00:00Z",
  severity: "error",
  link: "/alerts?alert=a-1",
  facts: { kind: "spike", usd: "12.5" },
};
const notice: Notice = {
  id: "n-1",
  dedupKey: "outlay-n-1",
  event: "alert",
  alerts: [alert],
  publicUrl: "https://outlay.example.com",
};
const many = (count: number): Notice => {
  return {
    ...notice,
    alerts: Array.from({ length: count }, (_, i) => ({ ...alert, id: `a-${i}` })),
  };
};

async function send(config: ChannelConfig, what = notice) {
  const channel = { id: "c", config: sealConfig(way.sealingSecret, "c", config) };
  const receipt = await sendNotice(way, channel, what, NOW_MS);
  const [request] = receiver.received.splice(0);
  return { receipt, request, json: JSON.parse(request?.body ?? "null") as unknown };
}

/** The code sample of the documentation, as a reader would copy it. */
async function readSample() {
  const [, code = ""] =
    /```js\n([\s\S]*?)```/.exec(fs.readFileSync("docs/channels.md", "utf8")) ?? [];
  const module: unknown = await import(
    /* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`
  );
  return module as {
    isFromOutlay(secret: string, signature: unknown, body: string, nowSeconds?: number): boolean;
  };
}

test("a webhook is sent what, how much, since when, who is told, what stops next and where to act", async () => {
  const { request, json, receipt } = await send({
    type: "webhook",
    url: receiver.url,
    secret: SECRET,
  });
  expect(receipt).toEqual({ status: 200, text: "HTTP 200" });
  expect(request?.headers).toMatchObject({
    "content-type": "application/json",
    "outlay-notice-id": "n-1",
  });
  expect(json).toEqual({
    id: "n-1",
    event: "alert",
    title: alert.title,
    severity: "error",
    url: "https://outlay.example.com/alerts?alert=a-1",
    alerts_count: 1,
    alerts: [
      {
        id: "a-1",
        kind: "spike",
        project: "shop",
        title: alert.title,
        lines: alert.lines,
        severity: "error",
        since: "2026-07-01T10:00:00Z",
        told_to: "lead",
        what_stops_next: "Nothing by itself.",
        url: "https://outlay.example.com/alerts?alert=a-1",
        facts: { kind: "spike", usd: "12.5" },
      },
    ],
  });
});

test("the documented sample takes what Outlay signed, and nothing altered, old, or signed by another", async () => {
  const { isFromOutlay } = await readSample();
  const { request } = await send({ type: "webhook", url: receiver.url, secret: SECRET });
  const signature = request?.headers["outlay-signature"];
  const body = request?.body ?? "";
  const now = NOW_MS / 1000;
  expect(isFromOutlay(SECRET, signature, body, now)).toBe(true);
  expect(isFromOutlay(SECRET, signature, body, now + 299)).toBe(true);
  expect(isFromOutlay(SECRET, signature, body, now + 302)).toBe(false);
  expect(isFromOutlay(SECRET, signature, `${body} `, now)).toBe(false);
  expect(isFromOutlay("another", signature, body, now)).toBe(false);
  expect(isFromOutlay(SECRET, String(signature).replace("t=1", "t=2"), body, now)).toBe(false);
  for (const broken of [undefined, "", "t=1,v1=", `${signature},v1=00`]) {
    expect(isFromOutlay(SECRET, broken, body, now)).toBe(false);
  }
});

test("Slack gets blocks and a text in which a name calls nobody", async () => {
  const { json, request } = await send({ type: "slack", url: `${receiver.url}/services/T/B/X` });
  expect(request?.body).not.toMatch(/<!channel>|<b>/);
  expect(json).toMatchObject({
    text: expect.stringContaining("Feature &lt;!channel&gt; &amp; Söhne"),
    blocks: [
      {
        type: "section",
        text: {
          type: "mrkdwn",
          verbatim: true,
          text: expect.stringContaining("<https://outlay.example.com/alerts?alert=a-1|Act on it>"),
        },
      },
    ],
  });
  const digest = (await send({ type: "slack", url: receiver.url }, many(500))).json as {
    blocks: { text: { text: string } }[];
  };
  expect(digest.blocks).toHaveLength(21);
  expect(digest.blocks.at(-1)?.text.text).toMatch(/^And 480 more alerts\. </);
  const long = { ...notice, alerts: [{ ...alert, lines: ["&".repeat(9_000)] }] };
  const cut = (await send({ type: "slack", url: receiver.url }, long)).json as typeof digest;
  expect(cut.blocks[0]?.text.text.length).toBeLessThan(3_000);
});

test("PagerDuty gets an event with its key, and what it told as details", async () => {
  const url = `${receiver.url}/v2/enqueue`;
  const { json } = await send({ type: "pagerduty", routing_key: "R".repeat(32), url });
  expect(json).toMatchObject({
    event_action: "trigger",
    dedup_key: "outlay-n-1",
    payload: { severity: "error", component: "shop", class: "spike", timestamp: alert.since },
    links: [{ href: "https://outlay.example.com/alerts?alert=a-1" }],
  });
  receiver.answer = (response) => response.writeHead(400).end('{"message":"bad key"}');
  const refused = send({ type: "pagerduty", routing_key: "R".repeat(32), url });
  await expect(refused).rejects.toThrow(/answered 400: \{"message":"bad key"\}/);
});

test("a channel that was sealed under another key fails by itself, and says which setting it is", async () => {
  const config = { type: "slack" as const, url: receiver.url };
  const channel = { id: "c", config: sealConfig("another key of the tests", "c", config) };
  const failing = sendNotice(way, channel, notice, NOW_MS);
  await expect(failing).rejects.toThrow(/OUTLAY_SECRET_KEY/);
  await expect(failing).rejects.toBeInstanceOf(DeliveryError);
});
