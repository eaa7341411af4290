import { expect, test } from "vitest";
import { mapsToName } from "@/lib/prices/maps-to-name";
import { createPriceBook, findMappedName } from "@/lib/prices/price-book";

test("every model of the catalogue can be mapped to, from its own provider and from a house's own", () => {
  const wrong: string[] = [];
  const rows = createPriceBook({ overrides: [] }).listCatalogue();
  const models = new Map(
    rows
      .filter(({ multiplier }) => multiplier === null)
      .map((row) => [`${row.provider} ${row.model}`, row]),
  );
  for (const row of models.values()) {
    for (const provider of [row.provider, "vllm"]) {
      const name = mapsToName(provider, row);
      const found = findMappedName(provider, "own", name);
      // Names are compared in lower case.
      if (found?.toLowerCase() !== row.model.toLowerCase())
        wrong.push(`${row.layer} ${provider}: ${name} -> ${found}`);
    }
  }
  expect(models.size).toBeGreaterThan(500);
  expect(wrong).toEqual([]);
});
