import {
  COUNTED,
  type Family,
  type GroupSums,
  type LedgerGroup,
} from "@/lib/metrics/metric-families";
import { parseUsd } from "@/lib/money";
import type { SpendAnswer } from "@/lib/spend/spend-schemas";
import { type SpendContext, sumSpend } from "@/lib/spend/sum-spend";

/** Groups that are told apart at all: past them the dearest are. */
const MAX_GROUPS = 20_000;

type Figures = readonly string[];

/**
 * Sums of a family's groups in all given projects, each asked as GET /api/spend asks it, so that they are its figures.
 * @param fromUs microseconds since 1970
 */
export async function askGroups(
  context: SpendContext,
  family: Family,
  asked: { fromUs: number; figures: Figures },
): Promise<{ total: SpendAnswer["total"]; rows: SpendAnswer["rows"] }> {
  const { total, rows } = await sumSpend(context, {
    fromUs: asked.fromUs,
    toUs: null,
    timeZone: "UTC",
    interval: "total",
    groupBy: ["project", ...family.dimensions],
    limit: MAX_GROUPS,
    asOfUs: null,
    figures: [...asked.figures],
    filters: [],
  });
  return { total, rows };
}

/** Where a row stands in its family. */
export function placeOf(
  row: SpendAnswer["rows"][number],
  family: Family,
): Pick<LedgerGroup, "project" | "values"> {
  const text = (name: string) => (typeof row[name] === "string" ? row[name] : null);
  return { project: text("project") ?? "", values: family.dimensions.map(text) };
}

/** A row as what is counted. A sum that is not known is none that grew. */
export function toGroup(row: SpendAnswer["rows"][number], family: Family): LedgerGroup {
  const sums = Object.fromEntries(COUNTED.map((name) => [name, readSum(row[name])])) as GroupSums;
  return { ...placeOf(row, family), sums };
}

function readSum(value: unknown): bigint {
  if (typeof value === "string") return parseUsd(value) ?? 0n;
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : 0n;
}
