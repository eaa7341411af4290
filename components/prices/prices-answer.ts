import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { PriceBody } from "@/components/prices/price-draft";
import { requestJson } from "@/lib/api-client";
import type { PriceOverrideAnswer, priceListSchema } from "@/lib/prices/price-schemas";
import type { UnpricedAnswer } from "@/lib/prices/unpriced-schemas";

/** Answer of GET /api/prices: overrides with the first page, list prices page by page. */
export type PriceListAnswer = z.output<typeof priceListSchema>;
export type CatalogueRow = PriceListAnswer["catalogue"][number];

const PAGE_ROWS = 50;
const UNPRICED_MS = 60_000;

/** Models without a whole price in a range. */
export function unpricedQuery(project: string, range: { fromMs: number; toMs: number }) {
  const query = new URLSearchParams({
    project,
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
  });
  return queryOptions({
    queryKey: ["unpriced", query.toString()],
    queryFn: ({ signal }) => requestJson<UnpricedAnswer>("/api/prices/unpriced", { query, signal }),
    refetchInterval: UNPRICED_MS,
  });
}

/** The overrides of a project and of all projects. */
export function overridesQuery(project: string) {
  const query = new URLSearchParams({ project, limit: "1" });
  return queryOptions({
    queryKey: ["prices", "overrides", project],
    queryFn: ({ signal }) => requestJson<PriceListAnswer>("/api/prices", { query, signal }),
  });
}

/** List prices whose provider, id or name has this text in it. */
export function catalogueQuery(project: string, text: string) {
  return infiniteQueryOptions({
    queryKey: ["prices", "catalogue", project, text],
    initialPageParam: "",
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ project, limit: String(PAGE_ROWS) });
      if (text) query.set("q", text);
      if (pageParam) query.set("cursor", pageParam);
      return requestJson<PriceListAnswer>("/api/prices", { query, signal });
    },
    getNextPageParam: (page: PriceListAnswer) => page.next_cursor,
  });
}

/** Adds a price (`POST /api/prices`); the open one of the same names is closed where it begins. */
export function createPrice(
  body: PriceBody,
): Promise<PriceOverrideAnswer & { closed: PriceOverrideAnswer | null }> {
  return requestJson("/api/prices", { method: "POST", body });
}

/** Sets when a price ends. */
export function endPrice(id: string, effectiveTo: string): Promise<PriceOverrideAnswer> {
  return requestJson(`/api/prices/${encodeURIComponent(id)}`, {
    method: "PATCH",
    body: { effective_to: effectiveTo },
  });
}
