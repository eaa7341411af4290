import fc from "fast-check";
import { expect, test } from "vitest";
import { priceText, usageText } from "@/ingest/events/embedded-json";
import { quote } from "@/ingest/events/json-text";

const line = fc.record({
  class: fc.oneof(fc.constant("input"), fc.string({ unit: "binary" })),
  units: fc.constantFrom("1200", "0.5"),
  usd_per_unit: fc.constant("0.3"),
  unit_count: fc.constant(1_000_000),
  usd: fc.constant("0.00036"),
});

test("a price embedded in the row is JSON in JSON, whatever its names hold", () => {
  const price = fc.record({
    version: fc.string(),
    source: fc.oneof(fc.constant("overlay"), fc.string({ unit: "binary" })),
    matched: fc.string(),
    lines: fc.array(line, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(price, (value) => {
      expect(priceText(value)).toBe(JSON.stringify(JSON.stringify(value)));
    }),
  );
});

test("usage embedded in the row is JSON in JSON", () => {
  for (const usage of [
    { input_tokens: 1, output_tokens: 2 ** 53 - 1 },
    { gpu_seconds: "1.5", units: { 'im"ages': 2 } },
    { gpu_seconds: "0.000001", input_tokens: 0 },
    {},
  ]) {
    expect(usageText(usage)).toBe(JSON.stringify(JSON.stringify(usage)));
  }
});

test("a quoted text is JSON, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(JSON.parse(quote(text))).toBe(text);
    }),
  );
});
