import { queryOptions } from "@tanstack/react-query";
import type { PriceBody } from "@/components/prices/price-draft";
import { requestJson } from "@/lib/api-client";
import type { CorrectionAnswer } from "@/lib/corrections/correction-schemas";

/** Which calls are priced again. */
export interface RepriceScope {
  /** Slug, or `*` for all projects. */
  project: string;
  /** RFC 3339; `to` excluded. */
  from: string;
  to: string;
  filter: Record<string, string>;
}

/** What is asked of them: only what would change, maybe with a price that is not in the book, or the change itself. */
export type RepriceOrder =
  | { dry_run: true; price?: PriceBody }
  | { dry_run: false; reason: string };

const RUNNING_MS = 500;
const LIST_RUNNING_MS = 2_000;

/** Asks for a reprice (`POST /api/reprices`). @returns it, finished where it took less than two seconds */
export function requestReprice(scope: RepriceScope, order: RepriceOrder) {
  const { project, ...range } = scope;
  return requestJson<CorrectionAnswer>("/api/reprices", {
    method: "POST",
    query: new URLSearchParams({ project }),
    body: { ...range, ...("price" in order ? withNote(order) : order) },
  });
}

/** Nobody has to say yet what a price that is tried is for: an empty note is no note. */
function withNote({ price, ...order }: Extract<RepriceOrder, { dry_run: true }>) {
  if (!price) return order;
  const { note, ...rest } = price;
  return { ...order, price: note ? price : rest };
}

/** Stops a reprice after the batch under way. */
export function cancelReprice(id: string): Promise<CorrectionAnswer> {
  return requestJson(`/api/reprices/${encodeURIComponent(id)}`, { method: "DELETE" });
}

/** Whether nothing more will happen to it. */
export function isOver(reprice: Pick<CorrectionAnswer, "state" | "finished_at">): boolean {
  return reprice.finished_at !== null || reprice.state === "failed";
}

/** One reprice; it asks itself again until it is over. */
export function repriceQuery(id: string) {
  return queryOptions({
    queryKey: ["reprice", id],
    queryFn: ({ signal }) =>
      requestJson<CorrectionAnswer>(`/api/reprices/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : RUNNING_MS),
  });
}

/** The last reprices of the selected projects. */
export function repricesQuery(project: string) {
  return queryOptions({
    queryKey: ["reprices", project],
    queryFn: ({ signal }) =>
      requestJson<{ reprices: CorrectionAnswer[] }>("/api/reprices", {
        query: new URLSearchParams({ project }),
        signal,
      }),
    refetchInterval: ({ state }) =>
      state.data?.reprices.some((reprice) => !isOver(reprice)) ? LIST_RUNNING_MS : false,
  });
}
