import {
  findOverlappingPriceRow,
  findPriceRow,
  lockPrices,
  type PriceRow,
  updatePriceRow,
} from "@/db/queries/prices";
import { recordAudit } from "@/lib/audit/record-audit";
import { type Actor, requirePermission } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { followPrices, overlap, type PriceContext } from "@/lib/prices/create-price";
import { toPriceAnswer } from "@/lib/prices/price-row";
import type { PriceOverrideAnswer, UpdatePriceInput } from "@/lib/prices/price-schemas";
import { canSee } from "@/lib/projects/resolve-projects";

/**
 * Notes something on a price, or sets when it ends. What it costs never changes: close it and add
 * another one, so that an old sum can still be redone.
 * @throws OutlayError `not_found`, `forbidden`, `unprocessable` for an end before the beginning,
 * `conflict` where a later end would overlap another price.
 */
export async function updatePrice(
  context: PriceContext,
  id: string,
  input: UpdatePriceInput,
): Promise<PriceOverrideAnswer> {
  const updated = await context.db.transaction(async (tx) => {
    await lockPrices(tx);
    const row = await findPriceRow(tx, id);
    if (!row || !mayKnow(context.actor, row)) {
      throw new OutlayError("not_found", "There is no such price.");
    }
    const { projectId } = row.price;
    const permission = projectId ? "prices.write" : "prices.write_everywhere";
    requirePermission(context.actor, permission, projectId);
    const effectiveTo = input.effective_to ? new Date(input.effective_to) : undefined;
    if (effectiveTo) {
      requireAfter(row.price.effectiveFrom, effectiveTo);
      const interval = { from: row.price.effectiveFrom, to: effectiveTo };
      const other = await findOverlappingPriceRow(tx, row.price, interval, { exceptId: id });
      if (other) throw overlap(other);
    }
    await updatePriceRow(tx, id, {
      ...(effectiveTo ? { effectiveTo } : {}),
      ...(input.note === undefined ? {} : { note: input.note }),
    });
    const stored = await findPriceRow(tx, id);
    if (!stored) throw new Error("the price is gone");
    const [before, after] = [toPriceAnswer(row), toPriceAnswer(stored)];
    await recordAudit(tx, context, {
      action: effectiveTo ? "price.close" : "price.note",
      targetType: "price",
      targetId: id,
      projectId,
      before: { effective_to: before.effective_to, note: before.note },
      after: { effective_to: after.effective_to, note: after.note },
    });
    return after;
  });
  await followPrices(context);
  return updated;
}

function mayKnow(actor: Actor, { price }: PriceRow): boolean {
  return price.projectId === null || canSee(actor, price.projectId);
}

function requireAfter(from: Date, to: Date): void {
  if (to > from) return;
  const message = `must be after effective_from, ${from.toISOString()}`;
  throw new OutlayError("unprocessable", `effective_to ${message}.`, {
    errors: [{ path: "effective_to", message }],
  });
}
