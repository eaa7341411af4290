import {
  findOpenPriceRow,
  findOverlappingPriceRow,
  findPriceRow,
  insertPrice,
  lockPrices,
  type PriceKey,
  type PriceRow,
  updatePriceRow,
} from "@/db/queries/prices";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import { toPriceAnswer } from "@/lib/prices/price-row";
import type { CreatePriceInput, PriceOverrideAnswer } from "@/lib/prices/price-schemas";
import { readNewPrice } from "@/lib/prices/read-new-price";
import { findVisibleProject } from "@/lib/projects/find-visible-project";

/** What a change of prices needs beside the store: the book that calls are priced with. */
export interface PriceContext extends ActionContext {
  prices: Pick<PriceBookHolder, "reload">;
}

/**
 * Adds a price of the operator's own. It holds for calls that start in `[effective_from, effective_to)`
 * and are received from now on; earlier ones keep theirs until a reprice. The open one of the same key
 * is closed where the new one begins, in the same transaction.
 * @throws OutlayError `forbidden`; `unprocessable` with each fault; `conflict` where it would hold at the
 * same time as another.
 */
export async function createPrice(
  context: PriceContext,
  input: CreatePriceInput,
): Promise<{ price: PriceOverrideAnswer; closed: PriceOverrideAnswer | null }> {
  const project = input.project ? await findVisibleProject(context, input.project) : null;
  // A price for all projects moves everybody's figures, so a role in one of them is not enough.
  const permission = project ? "prices.write" : "prices.write_everywhere";
  requirePermission(context.actor, permission, project?.id ?? null);
  const row = toRow(input, project?.id ?? null);
  const made = await context.db.transaction(async (tx) => {
    await lockPrices(tx);
    const closed = await closeOpenPrice({ ...context, db: tx }, row, row.effectiveFrom);
    const overlapping = await findOverlappingPriceRow(tx, row, {
      from: row.effectiveFrom,
      to: row.effectiveTo,
    });
    if (overlapping) throw overlap(overlapping);
    const createdByUserId = context.actor.type === "user" ? context.actor.id : null;
    const id = await insertPrice(tx, { ...row, createdByUserId });
    const stored = await findPriceRow(tx, id);
    if (!stored) throw new Error("the price was not stored");
    const price = toPriceAnswer(stored);
    await recordAudit(tx, context, {
      action: "price.create",
      targetType: "price",
      targetId: id,
      projectId: row.projectId,
      after: price,
    });
    return { price, closed };
  });
  await followPrices(context);
  return made;
}

function toRow(input: CreatePriceInput, projectId: string | null) {
  const { effective_from: from, provider, region } = readNewPrice(input, projectId);
  return {
    projectId,
    provider,
    model: input.model,
    mapsTo: input.maps_to,
    tier: input.tier,
    region,
    contextOver: input.context_over,
    effectiveFrom: new Date(from),
    effectiveTo: input.effective_to ? new Date(input.effective_to) : null,
    inputPerMtok: input.input_per_mtok,
    cacheReadPerMtok: input.cache_read_per_mtok,
    cacheWrite5mPerMtok: input.cache_write_5m_per_mtok,
    cacheWrite1hPerMtok: input.cache_write_1h_per_mtok,
    outputPerMtok: input.output_per_mtok,
    inputAudioPerMtok: input.input_audio_per_mtok,
    outputAudioPerMtok: input.output_audio_per_mtok,
    webSearchPer1k: input.web_search_per_1k,
    usdPerGpuHour: input.usd_per_gpu_hour,
    note: input.note,
  };
}

/**
 * Puts a stored change into the book that calls are priced with. The change is kept already, so a store
 * that went away meanwhile is no failure of it: the holder reads again within seconds.
 */
export async function followPrices({ prices }: PriceContext): Promise<void> {
  await prices.reload().catch(() => undefined);
}

/** Closes the open price of a key at `at`; one that begins there or later stays, and is an overlap. */
async function closeOpenPrice(
  context: ActionContext,
  key: PriceKey,
  at: Date,
): Promise<PriceOverrideAnswer | null> {
  const open = await findOpenPriceRow(context.db, key);
  if (!open || open.price.effectiveFrom >= at) return null;
  await updatePriceRow(context.db, open.price.id, { effectiveTo: at });
  await recordAudit(context.db, context, {
    action: "price.close",
    targetType: "price",
    targetId: open.price.id,
    projectId: open.price.projectId,
    before: { effective_to: null },
    after: { effective_to: at.toISOString() },
  });
  return { ...toPriceAnswer(open), effective_to: at.toISOString() };
}

/** The refusal of a price that would hold at the same time as `other`. */
export function overlap(other: PriceRow): OutlayError {
  const { id, effectiveFrom, effectiveTo } = other.price;
  const end = effectiveTo ? `to ${effectiveTo.toISOString()}` : "without an end";
  return new OutlayError(
    "conflict",
    `The override ${id} of the same names holds from ${effectiveFrom.toISOString()} ${end}. Close it, or choose times outside of it.`,
  );
}
