import fc from "fast-check";
import { expect, it } from "vitest";
import { findSecrets } from "@/lib/contents/find-secrets";
import { describePatternFault } from "@/lib/contents/own-patterns";
import { MAX_CONTENT_LENGTH, redactContent } from "@/lib/contents/redact-content";
import { redactText } from "@/lib/contents/redact-text";
import { propertyRuns } from "@/lib/testing/property-runs";

const SECRETS: [string, string][] = [
  ["email", "ann.lee+test@example.co.uk"],
  ["email", "müller@bücher.example"],
  ["email", "ann%40example.com"],
  ["card", "4111 1111 1111 1111"],
  ["card", "378282246310005"],
  ["card", "5555-5555-5555-4444"],
  ["key", "sk-proj-abcdefghijklmnop1234"],
  ["key", "sk-ant-api03-abcdefghijklmnop"],
  ["key", "AKIAIOSFODNN7EXAMPLE"],
  ["key", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"],
  ["key", "xoxb-123456789012-abcdef"],
  ["key", `outlay_${"0af9".repeat(16)}`],
  ["key", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"],
  ["key", "Bearer abcdefghijklmnop.qrstuv"],
  ["key", "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"],
];

const redact = (text: string) => redactText(text, null, new Map());
const secret = fc.constantFrom(...SECRETS.map(([, text]) => text));
const filler = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    " ",
    "4111",
    "@",
    "-----BEGIN PRIVATE KEY-----",
    "sk-",
    "12 ",
    "(redacted: email)",
  ),
);
const mixed = fc.array(fc.oneof(secret, filler), { maxLength: 12 }).map((parts) => parts.join(""));

it.each(SECRETS)("a secret (%s) is taken out wherever it stands: %s", (name, text) => {
  for (const [before, after] of [
    ["", ""],
    ["to ", ", then"],
    ['{"a":"', '"}'],
    ["(", ")\n"],
  ]) {
    expect(redact(`${before}${text}${after}`)).toBe(`${before}(redacted: ${name})${after}`);
  }
});

it("what only looks like a card or a key stays: dates, identifiers, amounts, words", () => {
  const text =
    "2024-01-01 10:20:30, order 1234567890123456, 3.141592653589793, 1763856000000, risk-averse, " +
    "task-force-of-people, bearer of news, msg_01XFDUDYJgAACzvnptvVoYEL, 0.4111111111111111";
  expect(redact(text)).toBe(text);
});

it("nothing that can be found is left, and doing it twice is doing it once", () => {
  fc.assert(
    fc.property(mixed, (text) => {
      const once = redact(text);
      expect(findSecrets(once)).toEqual([]);
      expect(redact(once)).toBe(once);
    }),
    { numRuns: propertyRuns(300) },
  );
});

it("any JSON keeps its structure, with redacted texts in it, and the result is JSON again", () => {
  const shapeOf = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shapeOf);
    if (typeof value === "object" && value !== null) return Object.values(value).map(shapeOf);
    return typeof value === "number" ? "string or number" : typeof value;
  };
  fc.assert(
    fc.property(fc.jsonValue({ depthSize: "small" }), mixed, (messages, completion) => {
      const { parts, cut } = redactContent({ messages, completion }, []);
      expect(cut).toEqual([]);
      expect(JSON.parse(parts.completion ?? "")).toBe(
        redact(completion).replace(/\p{Surrogate}/gu, "\ufffd"),
      );
      if (messages === null) expect(parts.messages).toBeUndefined();
      else {
        const kept: unknown = JSON.parse(parts.messages ?? "");
        expect(JSON.stringify(shapeOf(kept)).replaceAll("string or number", "string")).toBe(
          JSON.stringify(shapeOf(messages)).replaceAll("string or number", "string"),
        );
      }
    }),
    { numRuns: propertyRuns(200) },
  );
});

it("what is too long is cut and says so; of messages the newest stay; no half of a secret is left at a cut", () => {
  const long = "word ".repeat(MAX_CONTENT_LENGTH / 5 - 3);
  const { parts, cut } = redactContent(
    { completion: `${long}ann@example.com ${long}`, messages: ["old", "new"] },
    [],
  );
  expect(cut).toEqual(["completion", "messages"]);
  const completion = String(JSON.parse(parts.completion ?? ""));
  expect(completion.length).toBeLessThanOrEqual(MAX_CONTENT_LENGTH + 10);
  expect(completion.endsWith("(cut)")).toBe(true);
  expect(completion).not.toContain("ann@");
  const list = ["first ".repeat(60_000), "last ".repeat(50_000)];
  const kept = JSON.parse(redactContent({ messages: list }, []).parts.messages ?? "") as string[];
  expect(kept[1]).toBe(list[1]);
  expect(kept[0]?.endsWith("(cut)")).toBe(true);
});

it("a member named as a secret, a name that is one, a card sent as a number, and an image are not kept", () => {
  const { parts, redacted } = redactContent(
    {
      messages: [
        { api_key: "plain words", "ann@example.com": 1, card: 4111111111111111 },
        { image_url: `data:image/png;base64,${"A".repeat(4_000)}` },
      ],
    },
    [],
  );
  expect(JSON.parse(parts.messages ?? "")).toEqual([
    { api_key: "(redacted: key)", "(redacted: email)": 1, card: "(redacted: card)" },
    { image_url: "(not kept: image/png, 3000 bytes)" },
  ]);
  expect(Object.fromEntries(redacted)).toEqual({ key: 1, email: 1, card: 1 });
});

it("a project's own patterns are obeyed; one that cannot be read, matches nothing or takes long is refused", () => {
  const patterns = [{ name: "customer", pattern: "CUST-\\d+" }];
  const { parts, redacted } = redactContent({ completion: "CUST-12 and CUST-345" }, patterns);
  expect(JSON.parse(parts.completion ?? "")).toBe("(redacted: customer) and (redacted: customer)");
  expect(redacted.get("customer")).toBe(2);
  expect(describePatternFault("CUST-\\d+")).toBeNull();
  expect(describePatternFault("(a+)+$")).toBeNull();
  expect(describePatternFault("(")).toContain("RE2");
  expect(describePatternFault("(?=x)")).toContain("RE2");
  expect(describePatternFault("a*")).toContain("nothing");
  expect(describePatternFault(".*z|x")).toContain("too long");
});

it("hostile texts take time in proportion to their length", () => {
  const long = 256 * 1024;
  const hostile = [
    "a@",
    "1 ",
    "4111 ",
    "a.a@a.",
    "-----BEGIN PRIVATE KEY-----",
    "://a:",
    "sk-",
    "eyJ.",
  ];
  const begunMs = performance.now();
  for (const piece of hostile) redact(piece.repeat(long / piece.length));
  expect(performance.now() - begunMs).toBeLessThan(3_000);
});
