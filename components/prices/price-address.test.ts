import fc from "fast-check";
import { expect, test } from "vitest";
import { readPriceAddress, writePriceAddress } from "@/components/prices/price-address";
import type { PriceTask } from "@/components/prices/price-dialog";
import { emptyDraft } from "@/components/prices/price-draft";

const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });

test("the address of a new price makes the same dialog again", () => {
  fc.assert(
    fc.property(
      fc.record({
        kind: fc.constantFrom("map" as const, "own" as const),
        provider: name,
        model: name,
        mapsTo: fc.oneof(fc.constant(""), name),
        project: fc.option(name),
        holds: fc.constantFrom("always" as const, "now" as const),
      }),
      fc.boolean(),
      (given, isNamed) => {
        const draft = emptyDraft(given);
        const task: PriceTask = { kind: "price", isNamed, project: "shop", draft };
        expect(readPriceAddress(writePriceAddress(task) ?? "")).toEqual(task);
      },
    ),
  );
});

test("what was typed and what is repriced has no address, and another text makes no dialog", () => {
  const draft = emptyDraft({ model: "m", note: "as agreed" });
  expect(writePriceAddress({ kind: "price", isNamed: false, project: "*", draft })).toBeNull();
  const reprice = { kind: "reprice", project: "*", filter: {}, reason: "", title: "x" } as const;
  expect(writePriceAddress(reprice)).toBeNull();
  expect(readPriceAddress("new")).toBeNull();
});
