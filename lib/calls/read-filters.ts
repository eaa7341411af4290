import type { z } from "zod";
import { FILTER_NAMES, isFilter } from "@/db/clickhouse/dimensions";
import type { Filter } from "@/db/clickhouse/filters";

const PREFIX = "filter.";

/**
 * Reads `filter.<dimension>=value` out of a query's other parameters. Repeated means any of them, an
 * empty value "not sent". An unknown one is a fault, never ignored: the answer would be a larger sum than
 * was asked for.
 * @param others the parameters that are not known by name, each as a list
 */
export function readFilters(
  others: Readonly<Record<string, readonly string[]>>,
  context: z.RefinementCtx,
): Filter[] {
  const filters: Filter[] = [];
  for (const [name, values] of Object.entries(others)) {
    const dimension = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : null;
    if (dimension === null) {
      context.addIssue({ code: "custom", path: [name], message: "is not a known parameter" });
    } else if (!isFilter(dimension)) {
      const known = [...FILTER_NAMES, "metadata.<key>"].join(", ");
      const message = `is not a known filter; there are ${known}`;
      context.addIssue({ code: "custom", path: [name], message });
    } else {
      filters.push({ dimension, values: [...new Set(values)] });
    }
  }
  return filters;
}
