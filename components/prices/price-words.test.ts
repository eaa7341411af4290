import fc from "fast-check";
import { expect, test } from "vitest";
import { overrideState, sortOverrides } from "@/components/prices/override-state";
import { fieldLabel, formatPrice, listSetPrices, unitLabel } from "@/components/prices/price-words";
import { chooseRemedy, reasonWords, sortByRemedy } from "@/components/prices/unpriced-words";
import { parseUsd } from "@/lib/money";

test("a price is shown with every digit that it has", () => {
  expect(["2.5", "0.0000375", "1234567", "0"].map(formatPrice)).toEqual([
    "$2.50",
    "$0.0000375",
    "$1,234,567.00",
    "$0.00",
  ]);
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (nano) => {
      const digits = nano.toString().padStart(10, "0");
      const text = `${digits.slice(0, -9)}.${digits.slice(-9)}`;
      expect(parseUsd(formatPrice(text).replace(/[$,]/g, ""))).toBe(parseUsd(text));
    }),
  );
});

test("a price says how much it buys", () => {
  expect(["input", "web_searches", "gpu_seconds", "images"].map(unitLabel)).toEqual([
    "1M",
    "1,000",
    "hour",
    "each",
  ]);
  expect(fieldLabel("usd_per_gpu_hour")).toBe("GPU time, per hour");
  expect(listSetPrices({ input_per_mtok: "2.5", output_per_mtok: null })).toEqual([
    ["Input", "$2.50 / 1M"],
  ]);
});

test("an override is to come, in force or ended, to the millisecond", () => {
  const override = { effective_from: "2026-01-01T00:00:00Z", effective_to: "2026-02-01T00:00:00Z" };
  const at = (text: string) => overrideState(override, Date.parse(text));
  expect(at("2025-12-31T23:59:59.999Z")).toBe("future");
  expect(at("2026-01-01T00:00:00Z")).toBe("in-force");
  expect(at("2026-01-31T23:59:59.999Z")).toBe("in-force");
  expect(at("2026-02-01T00:00:00Z")).toBe("ended");
  const open = { ...override, effective_to: null };
  const coming = { effective_from: "2027-01-01T00:00:00Z", effective_to: null };
  const nowMs = Date.parse("2026-06-01T00:00:00Z");
  expect(sortOverrides([override, coming, open], nowMs)).toEqual([open, coming, override]);
});

const reason = (cost_reason: string, cost_status: "unpriced" | "partial" | "invalid_usage") => ({
  cost_reason,
  cost_status,
  calls: 1,
});

test("what a price can mend is told from what only the sender can", () => {
  const isMended = (code: string, status: Parameters<typeof reason>[1] = "unpriced") =>
    reasonWords(reason(code, status)).isMendedByPrice;
  expect(isMended("unknown_model")).toBe(true);
  expect(isMended("no_price_for:output_audio,images", "partial")).toBe(true);
  expect(isMended("no_price_for_tier:priority")).toBe(true);
  expect(isMended("no_usage")).toBe(false);
  expect(isMended("unknown_provider")).toBe(false);
  expect(isMended("part_over_whole:reasoning_tokens", "invalid_usage")).toBe(false);
  expect(reasonWords(reason("no_price_for:output_audio", "partial")).text).toBe(
    "No price for audio output.",
  );
});

test("a model that has got its price since waits for a reprice, one that lacks a class for a price", () => {
  const named = { provider: "vllm", model: "own" };
  const unknown = [reason("unknown_model", "unpriced")];
  expect(chooseRemedy({ ...named, matched: null, reasons: unknown })).toBe("price");
  expect(chooseRemedy({ ...named, matched: "gpt-4o", reasons: unknown })).toBe("reprice");
  const lacking = [reason("no_price_for:images", "partial")];
  expect(chooseRemedy({ ...named, matched: "gpt-4o", reasons: lacking })).toBe("price");
  const silent = [reason("no_usage", "unpriced")];
  expect(chooseRemedy({ ...named, matched: "gpt-4o", reasons: silent })).toBe("sender");
  const unnamed = { provider: null, model: "own", matched: null, reasons: unknown };
  expect(chooseRemedy(unnamed)).toBe("sender");
  const priceable = { ...named, matched: null, reasons: unknown };
  const waiting = { ...named, matched: "gpt-4o", reasons: unknown };
  expect(sortByRemedy([unnamed, priceable, waiting])).toEqual([waiting, priceable, unnamed]);
});
