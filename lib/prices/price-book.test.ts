import { describe, expect, test } from "vitest";
import type { PriceableCall } from "@/lib/prices/price";
import { createPriceBook } from "@/lib/prices/price-book";
import type { PriceOverride } from "@/lib/prices/price-override";
import { priceOf as price } from "@/lib/prices/testdata/priceable-call";

describe("an operator's price", () => {
  const local = { provider: "ollama", model: "llama3.1:8b" };
  const own: PriceOverride = { id: "a", ...local, input_per_mtok: "0.04", output_per_mtok: "0.08" };

  test("wins over the list price, which is kept beside it", () => {
    const negotiated: PriceOverride = {
      id: "n",
      provider: "openai",
      model: "gpt-4o",
      input_per_mtok: "2",
      output_per_mtok: "8",
    };
    expect(price({}, [negotiated])).toMatchObject({
      usd: "0.0028",
      listUsd: "0.0035",
      source: "override:n",
    });
    expect(price(local, [own])).toMatchObject({ usd: "0.000048", listUsd: null, status: "priced" });
  });

  test("of a project wins over that of all projects, and holds in no other", () => {
    const mine: PriceOverride = { ...own, id: "b", project: "project-1", input_per_mtok: "1" };
    expect(price(local, [own, mine])).toMatchObject({ source: "override:b" });
    expect(price({ ...local, projectId: "project-2" }, [own, mine])).toMatchObject({
      source: "override:a",
    });
  });

  test("holds in its half-open interval, by the call's own time", () => {
    const dated: PriceOverride = {
      ...own,
      effective_from: "2026-01-01T00:00:00Z",
      effective_to: "2026-02-01T00:00:00Z",
    };
    const at = (time: string) => price({ ...local, timestampMs: Date.parse(time) }, [dated]).status;
    expect(at("2025-12-31T23:59:59.999Z")).toBe("unpriced");
    expect(at("2026-01-01T00:00:00Z")).toBe("priced");
    expect(at("2026-01-31T23:59:59.999Z")).toBe("priced");
    expect(at("2026-02-01T00:00:00Z")).toBe("unpriced");
  });

  test("replaces the whole model: a class it does not name has no price", () => {
    const usage = { input_tokens: 10, cache_read_tokens: 4, output_tokens: 1 };
    const half: PriceOverride = {
      id: "h",
      provider: "openai",
      model: "gpt-4o",
      input_per_mtok: "1",
      output_per_mtok: "1",
    };
    expect(price({ usage }, [half])).toMatchObject({
      status: "partial",
      reason: "no_price_for:cache_read",
    });
  });

  test("may be 0, because somebody wrote 0", () => {
    expect(price(local, [{ ...own, input_per_mtok: "0", output_per_mtok: "0" }])).toMatchObject({
      usd: "0",
      status: "priced",
    });
  });

  test("maps a deployment to a catalogue model, in its tier and at its time", () => {
    const map: PriceOverride = {
      id: "m",
      provider: "azure.ai.openai",
      model: "prod-chat",
      maps_to: "gpt-4o",
    };
    const call = { provider: "azure", model: "prod-chat" };
    expect(price(call, [map])).toMatchObject({
      usd: "0.0035",
      listUsd: "0.0035",
      source: "override:m",
      matched: "gpt-4o",
    });
    const priced = price({ ...call, serviceTier: "batch" }, [{ ...map, maps_to: "openai/gpt-5" }]);
    expect(priced).toMatchObject({ usd: "0.001125" });
    expect(price(call, [{ ...map, input_per_mtok: "1" }])).toMatchObject({
      usd: "0.002",
      listUsd: "0.0035",
    });
    expect(price(call, [{ ...map, maps_to: "no-such-model" }])).toMatchObject({
      usd: null,
      status: "unpriced",
    });
  });

  test("by the GPU-hour pays for the tokens with the time, rounded once", () => {
    const gpu: PriceOverride = { id: "g", ...local, usd_per_gpu_hour: "2.5" };
    const usage = { input_tokens: 100, output_tokens: 10, gpu_seconds: "1.5" };
    expect(price({ ...local, usage }, [gpu])).toMatchObject({
      usd: "0.001041666666667",
      lines: [
        {
          class: "gpu_seconds",
          units: "1.5",
          usd_per_unit: "2.5",
          unit_count: 3600,
          usd: "0.001041666666667",
        },
      ],
    });
    expect(price(local, [gpu])).toMatchObject({ usd: null, reason: "no_price_for:gpu_seconds" });
    expect(price({ ...local, usage }, [own])).toMatchObject({ usd: "0.0000048", status: "priced" });
  });

  test("for one tier, place or length holds there alone", () => {
    const batch: PriceOverride = { ...own, id: "t", tier: "batch", input_per_mtok: "0.02" };
    const eu: PriceOverride = { ...own, id: "r", region: "EU", input_per_mtok: "0.05" };
    const long: PriceOverride = { ...own, id: "l", context_over: 1000, input_per_mtok: "0.06" };
    const source = (changes: Partial<PriceableCall>) =>
      price({ ...local, ...changes }, [own, batch, eu, long]).source;
    expect(source({})).toBe("override:a");
    expect(source({ serviceTier: "batch" })).toBe("override:t");
    expect(source({ inferenceGeo: "eu" })).toBe("override:r");
    expect(source({ usage: { input_tokens: 1001, output_tokens: 0 } })).toBe("override:l");
  });

  test("exact names come before prefixes, and the longest prefix first", () => {
    const any: PriceOverride = { ...own, id: "p1", model: "llama*" };
    const family: PriceOverride = { ...own, id: "p2", model: "llama3.1*" };
    expect(price(local, [any, family, own])).toMatchObject({ source: "override:a" });
    expect(price(local, [any, family])).toMatchObject({ source: "override:p2" });
    expect(price({ provider: "ollama", model: "llama2" }, [any, family])).toMatchObject({
      source: "override:p1",
    });
  });

  test("that cannot be read stops the book instead of billing the list price", () => {
    expect(() => createPriceBook({ overrides: [{ ...own, input_per_mtok: "1e3" }] })).toThrow(
      RangeError,
    );
  });
});

test("the version names the catalogue, the overlay and the overrides", () => {
  const plain = createPriceBook({ overrides: [] }).version;
  const own: PriceOverride = { id: "a", provider: "ollama", model: "x", input_per_mtok: "1" };
  expect(plain).toMatch(/^genai-prices@0\.1\.8 overlay@\d{4}-\d\d-\d\d$/);
  expect(createPriceBook({ overrides: [own] }).version).not.toBe(plain);
  expect(createPriceBook({ overrides: [own] }).version).toBe(
    createPriceBook({ overrides: [own] }).version,
  );
});

test("the catalogue that matched is told before a call is priced", () => {
  const book = createPriceBook({ overrides: [] });
  expect(
    book.matchModel("aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
  ).toMatchObject({ provider: "aws", source: "list" });
  expect(book.matchModel("ollama", "llama3")).toEqual({
    provider: "ollama",
    matched: null,
    reason: "self_hosted_without_price",
  });
});
