import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { describeMatch, sayTest, sayWhere } from "@/components/channels/channel-words";
import { makeChannel } from "@/components/channels/testing/make-channel";
import { verificationSample } from "@/components/channels/verification-sample";

const NOTHING = { sent: true, took_ms: 120, receipt: "HTTP 200", error: null };

test("a test says what came of it: taken with what was answered, or why not", () => {
  expect(sayTest(NOTHING)).toBe("It took the test in 120 ms and answered HTTP 200.");
  expect(sayTest({ ...NOTHING, receipt: null })).toBe("It took the test in 120 ms.");
  expect(
    sayTest({ ...NOTHING, sent: false, receipt: null, error: "503 Service Unavailable" }),
  ).toBe("It did not take the test (120 ms): 503 Service Unavailable.");
});

test("where a channel leads is said in outlines, and one that cannot be read says so", () => {
  expect(sayWhere(makeChannel())).toBe("https://example.com/…abcd");
  expect(
    sayWhere(makeChannel({ type: "email", config: { to: ["a@b.example", "c@d.example"] } })),
  ).toBe("a@b.example, c@d.example");
  expect(sayWhere(makeChannel({ type: "pagerduty", config: { routing_key: "…9f2c" } }))).toBe(
    "integration key …9f2c",
  );
  expect(sayWhere(makeChannel({ config: null }))).toBe("its address cannot be read");
});

test("which notices alone a channel gets is one phrase, and none where it gets all", () => {
  expect(describeMatch({})).toBeNull();
  expect(describeMatch({ kind: ["spike", "silence"], project: ["shop", "web"] })).toBe(
    "spikes and silence of project shop or web",
  );
  expect(describeMatch({ agent: ["crawler"], feature: ["search"] })).toBe(
    "notices of agent crawler, and of feature search",
  );
});

test("the code that is shown beside a secret takes what is signed with it, and nothing else", async () => {
  const url = `data:text/javascript,${encodeURIComponent(verificationSample())}`;
  const { isFromOutlay } = (await import(/* @vite-ignore */ url)) as {
    isFromOutlay: (secret: string, header: string, body: string) => boolean;
  };
  const body = '{"id":"1"}';
  const header = (secret: string, seconds: number) =>
    `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;
  const now = Math.floor(Date.now() / 1000);
  expect(isFromOutlay("a secret", header("a secret", now), body)).toBe(true);
  expect(isFromOutlay("another", header("a secret", now), body)).toBe(false);
  expect(isFromOutlay("a secret", header("a secret", now), `${body} `)).toBe(false);
  expect(isFromOutlay("a secret", header("a secret", now - 301), body)).toBe(false);
  expect(isFromOutlay("a secret", "nonsense", body)).toBe(false);
});
