import type { ColumnId } from "@/components/spend/column-ids";
import {
  formatMetricShort,
  isTokenCount,
  metricValue,
  totalTokens,
} from "@/components/spend/metric";
import type { SpendFigures } from "@/components/spend/spend-answer";
import { formatCount, formatExactUsd, formatTokens } from "@/lib/format";

/** A column's figure of a row or sum as the table prints it. */
export function printFigure(figures: SpendFigures, id: ColumnId): string {
  switch (id) {
    case "unpriced":
      return formatCount(figures.unpriced_calls);
    case "errors":
      return formatCount(figures.errors);
    case "written":
      return formatTokens(figures.cache_write_tokens);
    default:
      return formatMetricShort(metricValue(figures, id), id);
  }
}

/** The same as an exact integer for sorting; what is unknown sorts below everything known, free included. */
export function sortableFigure(figures: SpendFigures, id: ColumnId): bigint {
  switch (id) {
    case "unpriced":
      return BigInt(figures.unpriced_calls);
    case "errors":
      return BigInt(figures.errors);
    case "written":
      return BigInt(figures.cache_write_tokens ?? -1);
    default:
      return metricValue(figures, id) ?? -1n;
  }
}

/** The figure in full, for hover; undefined where the table prints it in full. */
export function exactFigure(figures: SpendFigures, id: ColumnId): string | undefined {
  if (id === "cost") return formatExactUsd(figures.cost_usd);
  if (id === "retry-cost") return exactRetryCost(figures);
  const tokens = readTokens(figures, id);
  if (tokens === undefined) return undefined;
  return tokens === null ? "no usage reported" : formatCount(tokens);
}

/** Tokens of a column of tokens; undefined for any other. */
function readTokens(figures: SpendFigures, id: ColumnId): number | bigint | null | undefined {
  if (id === "tokens") return totalTokens(figures);
  if (id === "written") return figures.cache_write_tokens;
  if (id === "unpriced" || id === "errors") return undefined;
  return isTokenCount(id) ? metricValue(figures, id) : undefined;
}

/** The known cost in full; a lower bound says so, and sums of expired days that do not know it too. */
function exactRetryCost({ retries, retry_cost_usd, unpriced_retries }: SpendFigures): string {
  if (retries === null) return "not known of expired days";
  const cost = formatExactUsd(retry_cost_usd);
  const unknown = formatCount(unpriced_retries ?? 0);
  return unpriced_retries ? `at least: ${unknown} of them have no known cost; ${cost}` : cost;
}
