import type { Db } from "@/db/postgres";
import { listAllPriceRows } from "@/db/queries/prices";
import { OutlayError } from "@/lib/errors";
import { createPriceBook, type PriceBook } from "@/lib/prices/price-book";
import type { PriceOverride } from "@/lib/prices/price-override";
import { toPriceOverride } from "@/lib/prices/price-row";
import type { NewPrice } from "@/lib/prices/read-new-price";

/**
 * The book as it would be with one more price, which is in no store. A test holds what it says against the book after
 * the price was really added.
 * @throws OutlayError `conflict` where the price would hold at the same time as another
 */
export async function openProposedBook(db: Db, proposed: NewPrice): Promise<PriceBook> {
  const overrides = (await listAllPriceRows(db)).map(toPriceOverride);
  return createPriceBook({ overrides: addPrice(overrides, proposed) });
}

/** As `createPrice` does: the open one of the same names is closed where the new one begins. */
function addPrice(overrides: readonly PriceOverride[], proposed: NewPrice): PriceOverride[] {
  const key = keyOf(proposed);
  const closed = overrides.map((one) =>
    keyOf(one) === key && !one.effective_to && startOf(one) < startOf(proposed)
      ? { ...one, effective_to: proposed.effective_from }
      : one,
  );
  const other = closed.find((one) => keyOf(one) === key && overlaps(one, proposed));
  if (!other) return [...closed, proposed];
  const end = other.effective_to ? `to ${other.effective_to}` : "without an end";
  throw new OutlayError(
    "conflict",
    `The override ${other.id} of the same names holds from ${other.effective_from} ${end}. Close it, or choose times outside of it.`,
  );
}

/** The names that make one price, as the store compares them. */
function keyOf({ project, provider, model, tier, region, context_over }: PriceOverride): string {
  const names = [project ?? null, provider, model.toLowerCase(), tier ?? null, region ?? null];
  return JSON.stringify([...names, context_over ?? null]);
}

function overlaps(one: PriceOverride, two: PriceOverride): boolean {
  return startOf(one) < endOf(two) && startOf(two) < endOf(one);
}

function startOf({ effective_from }: PriceOverride): number {
  return effective_from ? Date.parse(effective_from) : Number.NEGATIVE_INFINITY;
}

function endOf({ effective_to }: PriceOverride): number {
  return effective_to ? Date.parse(effective_to) : Number.POSITIVE_INFINITY;
}
