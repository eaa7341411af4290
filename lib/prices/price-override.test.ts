import { describe, expect, test } from "vitest";
import { checkPriceOverride, type PriceOverride } from "@/lib/prices/price-override";

const good: PriceOverride = {
  id: "1",
  provider: "ollama",
  model: "llama3",
  input_per_mtok: "0.04",
};

function faults(changes: Partial<PriceOverride>): string[] {
  return checkPriceOverride({ ...good, ...changes }).map((error) => error.path);
}

test("a price, a mapping or a GPU-hour is enough", () => {
  expect(faults({})).toEqual([]);
  expect(faults({ input_per_mtok: null, maps_to: "gpt-4o" })).toEqual([]);
  expect(faults({ input_per_mtok: null, usd_per_gpu_hour: "2.5" })).toEqual([]);
  expect(faults({ input_per_mtok: "0" })).toEqual([]);
});

describe("what would bill wrongly is refused by its field", () => {
  test.each([
    [{ input_per_mtok: "-1" }, "input_per_mtok"],
    [{ input_per_mtok: "1e3" }, "input_per_mtok"],
    [{ output_per_mtok: "1,5" }, "output_per_mtok"],
    [{ input_per_mtok: "0.0000000000000001" }, "input_per_mtok"],
    [{ input_per_mtok: "1000000000" }, "input_per_mtok"],
    [{ input_per_mtok: null }, ""],
    [{ provider: " " }, "provider"],
    [{ model: "" }, "model"],
    [{ context_over: -1 }, "context_over"],
    [{ effective_from: "yesterday" }, "effective_from"],
    [
      { effective_from: "2026-02-01T00:00:00Z", effective_to: "2026-02-01T00:00:00Z" },
      "effective_to",
    ],
  ])("%j", (changes, path) => {
    expect(faults(changes)).toEqual([path]);
  });
});
