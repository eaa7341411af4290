import { z } from "zod";
import { listPriceRowsOf } from "@/db/queries/prices";
import type { ActionContext } from "@/lib/auth/actor";
import { readCursor, writeCursor } from "@/lib/cursor";
import { createPriceBook } from "@/lib/prices/price-book";
import { toPriceAnswer } from "@/lib/prices/price-row";
import type { ListPricesQuery, priceListSchema } from "@/lib/prices/price-schemas";
import { normaliseProviderName } from "@/lib/prices/provider-name";

const positionSchema = z.object({ offset: z.int().min(0) });

/**
 * The operator's prices of these projects and of all projects, and a page of the list prices.
 * Overrides come whole with the first page: they are few, and the first thing a person looks for.
 * @throws OutlayError `bad_request` for an altered cursor.
 */
export async function listPrices(
  context: Pick<ActionContext, "db"> & {
    projects: readonly { id: string }[];
    cursorSecret: string;
  },
  query: ListPricesQuery,
): Promise<z.input<typeof priceListSchema>> {
  const { cursor, limit, ...filters } = query;
  const isWanted = createFilter(filters);
  // List prices are the same in every book, whatever the overrides.
  const book = createPriceBook({ overrides: [] });
  const catalogue = book.listCatalogue().filter(isWanted);
  // Another version of the catalogue has other rows at the same place.
  const question = ["prices", filters, book.version];
  const { offset } = cursor
    ? positionSchema.parse(readCursor(context.cursorSecret, question, cursor))
    : { offset: 0 };
  const projectIds = context.projects.map((project) => project.id);
  const rows = offset === 0 ? await listPriceRowsOf(context.db, projectIds) : [];
  const end = offset + limit;
  return {
    overrides: rows.map(toPriceAnswer).filter(isWanted),
    catalogue: catalogue.slice(offset, end),
    catalogue_count: catalogue.length,
    next_cursor:
      end < catalogue.length ? writeCursor(context.cursorSecret, question, { offset: end }) : null,
  };
}

/** `provider` and `model` are whole names in any spelling a client uses; `q` is a part of either. */
function createFilter(filters: Pick<ListPricesQuery, "provider" | "model" | "q">) {
  const provider = filters.provider === undefined ? null : normaliseProviderName(filters.provider);
  const model = filters.model?.trim().toLowerCase();
  const part = filters.q?.trim().toLowerCase();
  return (row: { provider: string; model: string; name?: string }): boolean => {
    const names = [row.model, row.name ?? ""].map((text) => text.toLowerCase());
    if (provider !== null && row.provider !== provider) return false;
    if (model !== undefined && !names.includes(model)) return false;
    return !part || [row.provider, ...names].some((text) => text.includes(part));
  };
}
