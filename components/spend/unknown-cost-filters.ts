import type { Filter } from "@/components/filters/filter-param";

/** Every status whose cost is null: together they are what `unpriced_calls` counts. */
const UNKNOWN_COST_STATUSES = ["unpriced", "invalid_usage"];

/** The filters, narrowed to what has no known cost: as many calls as the card's figure says. */
export function filterUnknownCosts(filters: readonly Filter[]): Filter[] {
  return [
    ...filters.filter(({ dimension }) => dimension !== "cost_status"),
    ...UNKNOWN_COST_STATUSES.map((value) => ({ dimension: "cost_status", value })),
  ];
}
