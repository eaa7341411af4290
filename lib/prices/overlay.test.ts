import { readFileSync } from "node:fs";
import { waitForUpdate } from "@pydantic/genai-prices";
import { describe, expect, test } from "vitest";
import { GENAI_PRICES_VERSION, genaiCatalogue } from "@/lib/prices/genai-catalogue";
import { OVERLAY_ENTRIES } from "@/lib/prices/overlay";
import { REGION_UPLIFTS } from "@/lib/prices/overlay/region-uplifts";
import { type OverlayEntry, toOverlayRecord } from "@/lib/prices/overlay-entry";
import { createPriceBook } from "@/lib/prices/price-book";
import type { PriceRecord } from "@/lib/prices/price-record";
import { listProviderNames } from "@/lib/prices/provider-name";

function catalogueModel(provider: string, name: string): readonly PriceRecord[] | undefined {
  // Google's clouds and Azure sell other makers' models under the makers' entries.
  const makers = { vertex: ["vertex", "anthropic"], azure: ["azure", "openai"] }[provider] ?? [
    provider,
  ];
  return makers.flatMap((maker) => genaiCatalogue.list(maker)).find((model) => model.model === name)
    ?.records;
}

describe("the catalogue", () => {
  test("is the version that package.json pins", () => {
    const file = new URL("../../package.json", import.meta.url);
    const pinned = (
      JSON.parse(readFileSync(file, "utf8")) as { dependencies: Record<string, string> }
    ).dependencies;
    expect(pinned["@pydantic/genai-prices"]).toBe(GENAI_PRICES_VERSION);
  });

  test("is known by the name of each of its providers", async () => {
    const bundled = (await waitForUpdate()) ?? [];
    const known = new Set(listProviderNames());
    expect(bundled.map((provider) => provider.id).filter((id) => !known.has(id))).toEqual([]);
  });

  test("has no model that pricing would stumble over, and no price with the debris of a float", () => {
    for (const provider of listProviderNames()) {
      for (const model of genaiCatalogue.list(provider)) {
        expect(() => genaiCatalogue.find(provider, model.model)).not.toThrow();
        for (const price of model.records.flatMap((record) => [...record.prices.values()])) {
          expect(price.femtoUsd % 1_000_000n).toBe(0n);
        }
      }
    }
  });

  test("writes its hours in UTC", async () => {
    const times =
      JSON.stringify(await waitForUpdate()).match(/"(?:start|end)_time":"[^"]+"/g) ?? [];
    expect(times.filter((time) => !time.endsWith('Z"'))).toEqual([]);
  });
});

describe("each overlay entry", () => {
  test("says where its price was read and when, and can be read itself", () => {
    for (const entry of OVERLAY_ENTRIES) {
      expect(entry.source).not.toBe("");
      expect(entry.checkedOn).toMatch(/^20\d\d-\d\d-\d\d$/);
      const record = toOverlayRecord(entry, "name");
      expect(record.effectiveFromMs).toBeLessThan(record.effectiveToMs);
    }
    for (const uplift of REGION_UPLIFTS) expect(uplift.source).not.toBe("");
  });

  test("corrects a model that the catalogue still has", () => {
    const gone = OVERLAY_ENTRIES.flatMap((entry) =>
      "catalogue" in entry.match
        ? entry.providers
            .filter((provider) => !catalogueModel(provider, nameOf(entry)))
            .map((provider) => `${provider}:${nameOf(entry)}`)
        : [],
    );
    expect(gone).toEqual([]);
  });

  test("does not repeat what the catalogue says, so that an obsolete one shows", () => {
    const obsolete = OVERLAY_ENTRIES.filter((entry) => !entry.tier && isSaidByCatalogue(entry));
    expect(
      obsolete.map(
        (entry) => `${entry.providers[0]}:${nameOf(entry)} ${JSON.stringify(entry.prices)}`,
      ),
    ).toEqual([]);
  });

  test("differs from the pinned catalogue as listed here", () => {
    const differences = OVERLAY_ENTRIES.filter((entry) => !entry.tier && !entry.context).flatMap(
      differencesOf,
    );
    expect(differences).toMatchSnapshot();
  });
});

test("every list price is a row that names its source", () => {
  const rows = createPriceBook({ overrides: [] }).listCatalogue();
  expect(rows.length).toBeGreaterThan(1_500);
  expect(rows.filter((row) => !row.source || !row.checked_on)).toEqual([]);
  expect(rows).toContainEqual(
    expect.objectContaining({
      provider: "openai",
      model: "gpt-5",
      tier: "flex",
      prices: { input: "0.625", cache_read: "0.0625", output: "5" },
      layer: "overlay",
    }),
  );
});

function nameOf(entry: OverlayEntry): string {
  return Object.values(entry.match)[0] ?? "";
}

/** True where each price stands in every catalogue record of the model in the same words: then the entry can go. */
function isSaidByCatalogue(entry: OverlayEntry): boolean {
  if (!("catalogue" in entry.match) || Object.keys(entry.prices).length === 0) return false;
  const records = catalogueModel(entry.providers[0] ?? "", nameOf(entry)) ?? [];
  const same = records.filter((record) =>
    Object.entries(entry.prices).every(([name, usd]) => record.prices.get(name)?.usd === usd),
  );
  return records.length > 0 && same.length === records.length;
}

function differencesOf(entry: OverlayEntry): string[] {
  const when = [entry.from ?? "", entry.to ?? ""].join("..");
  return entry.providers.flatMap((provider) => {
    const [record] = catalogueModel(provider, nameOf(entry)) ?? [];
    return Object.entries(entry.prices).map(
      ([name, usd]) =>
        `${provider}:${nameOf(entry)} ${when} ${name} ${record?.prices.get(name)?.usd ?? "none"} -> ${usd}`,
    );
  });
}
