import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ChannelDraft,
  changeChannelBody,
  channelDraftOf,
  createChannelBody,
  listChannelFaults,
  startChannelDraft,
} from "@/components/channels/channel-draft";
import { makeChannel } from "@/components/channels/testing/make-channel";
import { ALERT_KINDS, AUDIENCES } from "@/lib/alerts/alert";
import { CHANNEL_TYPES } from "@/lib/channels/channel";
import { createChannelSchema, updateChannelSchema } from "@/lib/channels/channel-schemas";

const NAMED = { name: "Bot", url: "https://example.com/in", to: "a@example.com" };

test("whatever is typed of a channel, the server's form takes what ours lets through", () => {
  const text = fc.oneof(
    fc.string(),
    fc.webUrl(),
    fc.emailAddress(),
    fc.constantFrom(
      "a@example.com, b@example.com",
      "https://example.com/x",
      "abcDEF0123456789abcd",
    ),
  );
  const draft = fc.record<ChannelDraft>({
    type: fc.constantFrom(...CHANNEL_TYPES),
    project: fc.constantFrom(null, "shop"),
    name: fc.string({ maxLength: 100 }),
    audience: fc.constantFrom(...AUDIENCES),
    url: text,
    to: fc.constantFrom("", "a@example.com", "a@example.com b@example.org", "nobody"),
    routingKey: text,
    hasNewSecret: fc.constant(false),
    kinds: fc.subarray([...ALERT_KINDS]),
    projects: fc.constantFrom("", "shop, web"),
    agents: text,
    features: text,
  });
  fc.assert(
    fc.property(draft, (typed) => {
      if (Object.keys(listChannelFaults(typed, true)).length > 0) return;
      createChannelSchema.parse(createChannelBody(typed));
    }),
  );
});

test("of a channel that is changed, its address and secrets stay where nothing is typed", () => {
  const draft = channelDraftOf(makeChannel({ config: { url: "https://example.com/…abcd" } }));
  expect(draft.url).toBe("");
  expect(listChannelFaults(draft, false)).toEqual({});
  expect(updateChannelSchema.parse(changeChannelBody(draft))).not.toHaveProperty("config");
  const moved = changeChannelBody({ ...draft, url: "https://example.org/in", hasNewSecret: true });
  expect(updateChannelSchema.parse(moved)).toMatchObject({
    config: { url: "https://example.org/in", secret: null },
  });
});

test("a new channel needs what its type leads to, and each says what", () => {
  const start = { ...startChannelDraft(null), name: "Bot" };
  expect(listChannelFaults(start, true)).toHaveProperty("url");
  expect(listChannelFaults({ ...start, type: "email" }, true)).toHaveProperty("to");
  expect(listChannelFaults({ ...start, type: "pagerduty" }, true)).toHaveProperty("routingKey");
  expect(listChannelFaults({ ...start, ...NAMED, name: " " }, true)).toHaveProperty("name");
  expect(listChannelFaults({ ...start, ...NAMED }, true)).toEqual({});
});

test("names with commas between become a match, once each; nothing typed matches all", () => {
  const draft = { ...startChannelDraft(null), ...NAMED, agents: "crawler, writer,crawler, " };
  expect(createChannelBody(draft)).toMatchObject({ match: { agent: ["crawler", "writer"] } });
  expect(createChannelBody({ ...draft, agents: "" })).toMatchObject({ match: {} });
  // A channel of one project is told of no other.
  expect(createChannelBody({ ...draft, project: "shop", projects: "web" })).toMatchObject({
    match: { agent: ["crawler", "writer"] },
  });
});
