import fc from "fast-check";
import { expect, test } from "vitest";
import { checkFields } from "@/lib/events/check-fields";
import { eventSchema } from "@/lib/events/event-schema";
import { isPlainEvent } from "@/lib/events/is-plain-event";

const USUAL = {
  id: "a-1",
  timestamp: "2026-11-21T10:00:00Z",
  type: "llm",
  provider: "openai",
  model: "gpt-5",
  agent: "planner",
  feature: null,
  usage: { input_tokens: 100, cache_read_tokens: null, output_tokens: 0 },
  usage_source: "reported",
  service_tier: "default",
  status: "error",
  error_type: "rate_limit",
  attempt: 2,
  duration_ms: 12.5,
  time_to_first_token_ms: 0,
  sequence: 7,
  metadata: { team: "a b" },
};

test("an ordinary event is told without the full check", () => {
  expect(isPlainEvent(USUAL)).toBe(true);
  expect(isPlainEvent({})).toBe(true);
});

/** Values near every bound of every kind of field. */
const leaf = fc.oneof(
  fc.constantFrom<unknown>(null, true, "", "__proto__", "ok", "llm", "error", "batch", "unknown"),
  fc.constantFrom<unknown>(
    0,
    -0,
    -1,
    1,
    0.5,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53 - 1,
    2 ** 53,
    Number.POSITIVE_INFINITY,
  ),
  fc.constantFrom(127, 128, 129, 256, 257, 1024, 1025).map((length) => "x".repeat(length)),
  fc.constantFrom("a\nb", "\u007f", "é", "\ud800", "😀", "\t"),
  fc.string({ maxLength: 4 }),
);
const names = [
  ...Object.keys(eventSchema.shape),
  ...Object.keys(eventSchema.shape.usage.unwrap().unwrap().shape),
  ...["team", "__proto__", "toString", "", "é", "k".repeat(128), "k".repeat(129)],
];
const objectOf = (member: fc.Arbitrary<unknown>, most: number) =>
  fc
    .array(fc.tuple(fc.constantFrom(...names), member), { maxLength: most })
    // By way of JSON, as they come: `__proto__` is then a name like any other.
    .map((members) =>
      JSON.parse(
        `{${members.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v) ?? "null"}`).join(",")}}`,
      ),
    );
const deep = fc.oneof(leaf, fc.array(leaf, { maxLength: 2 }), objectOf(leaf, 3));

test("whatever is taken for plain passes the full check", () => {
  let plain = 0;
  const changed = fc.tuple(fc.constantFrom(...names), deep).map(([name, value]) => ({
    ...USUAL,
    ...JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value) ?? "null"}}`),
  }));
  fc.assert(
    fc.property(fc.oneof(changed, objectOf(deep, 4), deep), (value) => {
      if (!isPlainEvent(value)) return;
      plain++;
      expect(checkFields(value)).toEqual({ isShaped: true, errors: [] });
    }),
    { numRuns: 20_000 },
  );
  // It would prove nothing where nothing is plain.
  expect(plain).toBeGreaterThan(500);
});

test("each field alone at each value is taken for plain only where the full check takes it", () => {
  const values = fc.sample(deep, { numRuns: 400, seed: 1 });
  for (const name of Object.keys(eventSchema.shape)) {
    for (const value of values) {
      const event = { [name]: value };
      if (isPlainEvent(event)) expect(checkFields(event).errors, name).toEqual([]);
    }
  }
});

test("33 pairs of metadata are too many", () => {
  const pairs = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, ""]));
  expect(isPlainEvent({ metadata: pairs(32) })).toBe(true);
  expect(isPlainEvent({ metadata: pairs(33) })).toBe(false);
});
