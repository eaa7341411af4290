import fc from "fast-check";
import { expect, test } from "vitest";
import { draftOf, EARLIEST, emptyDraft, readDraft } from "@/components/prices/price-draft";
import { createPriceSchema, type PriceOverrideAnswer } from "@/lib/prices/price-schemas";

const NAMES = { provider: "vllm", model: "own", note: "contract" };
const withInput = (text: string) =>
  emptyDraft({ ...NAMES, prices: { ...emptyDraft({}).prices, input_per_mtok: text } });

test("a price goes out digit by digit as it was typed", () => {
  const digits = fc.tuple(fc.integer({ min: 0, max: 999_999 }), fc.stringMatching(/^\d{1,9}$/));
  fc.assert(
    fc.property(digits, ([whole, fraction]) => {
      const text = `${whole}.${fraction}`;
      expect(readDraft(withInput(text), "UTC").body).toMatchObject({ input_per_mtok: text });
      expect(readDraft(withInput(` $${text} `), "UTC").body).toMatchObject({
        input_per_mtok: text,
      });
    }),
  );
});

test("what is no plain decimal of dollars is a fault of its field", () => {
  for (const text of ["-1", "1e3", "1,000", "free", "0.0000000001", "1.", "٣"]) {
    expect(readDraft(withInput(text), "UTC").faults).toHaveProperty("input_per_mtok");
  }
});

test("what the form sends, the API takes", () => {
  const draft = emptyDraft({
    ...NAMES,
    kind: "map",
    mapsTo: "openai/gpt-4o",
    project: "default",
    tier: "batch",
    region: " eu ",
    contextOver: "200000",
    holds: "date",
    from: "2026-11-10",
    until: "2026-11-11",
  });
  const { body } = readDraft(draft, "Asia/Kathmandu");
  expect(createPriceSchema.parse(body)).toMatchObject({
    maps_to: "openai/gpt-4o",
    project: "default",
    tier: "batch",
    region: "eu",
    context_over: 200_000,
    // Midnight there is a quarter to; the last day counts to its end.
    effective_from: "2026-11-09T18:15:00.000Z",
    effective_to: "2026-11-11T18:15:00.000Z",
  });
});

test("from when it holds: always is before any call, now is left to the server's clock", () => {
  const at = (holds: "always" | "now") => readDraft({ ...withInput("1"), holds }, "UTC").body;
  expect(at("always")).toMatchObject({ effective_from: EARLIEST });
  expect(at("now")).not.toHaveProperty("effective_from");
});

test("what is missing is said where it is missing", () => {
  const faultsOf = (given: Parameters<typeof emptyDraft>[0]) =>
    Object.keys(readDraft(emptyDraft(given), "UTC").faults ?? {});
  expect(faultsOf({})).toEqual(["provider", "model", "prices"]);
  expect(faultsOf({ ...NAMES, kind: "map" })).toEqual(["mapsTo"]);
  const mapped = { ...NAMES, kind: "map" as const, mapsTo: "gpt-4o" };
  expect(faultsOf({ ...mapped, holds: "date" })).toEqual(["from"]);
  expect(faultsOf({ ...mapped, holds: "date", from: "2026-11-10", until: "2026-11-09" })).toEqual([
    "until",
  ]);
  expect(faultsOf({ ...mapped, contextOver: "2.5" })).toEqual(["contextOver"]);
  expect(faultsOf({ ...mapped, holds: "date", from: "2026-11-10", until: "2026-11-10" })).toEqual(
    [],
  );
});

test("a change of an override begins with what it says, from now on and with a reason of its own", () => {
  const override = {
    maps_to: null,
    provider: "vllm",
    model: "own",
    project: null,
    tier: "batch",
    region: "eu",
    context_over: 1000,
    input_per_mtok: "2.5",
    output_per_mtok: "0",
    note: "old",
  } as PriceOverrideAnswer;
  const { body } = readDraft(draftOf(override), "UTC");
  expect(body).toEqual({
    provider: "vllm",
    model: "own",
    tier: "batch",
    region: "eu",
    context_over: 1000,
    input_per_mtok: "2.5",
    output_per_mtok: "0",
    note: "",
  });
});
