import { z } from "zod";
import type { BudgetRow } from "@/db/queries/policy";
import { AUDIENCES } from "@/lib/alerts/alert";
import {
  BUDGET_ACTIONS,
  BUDGET_MODES,
  BUDGET_SCOPES,
  BUDGET_WINDOWS,
  type Budget,
  STAGE_ACTIONS,
  type UnpricedRule,
} from "@/lib/budgets/budget";
import { type FemtoUsd, parseUsd } from "@/lib/money";

export const thresholdSchema = z.object({
  percent: z.number().positive(),
  notify: z.array(z.string()),
  audience: z.array(z.enum(AUDIENCES)).optional(),
  action: z.enum(STAGE_ACTIONS).optional(),
});

const enums = z.object({
  scope: z.enum(BUDGET_SCOPES),
  window: z.enum(BUDGET_WINDOWS),
  mode: z.enum(BUDGET_MODES),
  action: z.enum(BUDGET_ACTIONS),
});

/** Reads a stored budget. @throws ZodError, RangeError for a row that no version of this code wrote */
export function toBudget(row: BudgetRow): Budget {
  const { limitSeconds, nextGeneration, nextAfterUs } = row;
  const thresholds = thresholdSchema.array().parse(row.thresholds);
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    ...enums.parse(row),
    value: row.value,
    timeZone: row.timeZone,
    weekStart: row.weekStart,
    monthDay: row.monthDay,
    limits: {
      usd: row.limitUsd === null ? null : readUsd(row.limitUsd),
      tokens: row.limitTokens,
      calls: row.limitCalls,
      toolCalls: row.limitToolCalls,
      ms: limitSeconds === null ? null : limitSeconds * 1000n,
    },
    throttlePerMinute: row.throttlePerMinute,
    rerouteTo: row.rerouteTo,
    unpriced: unpricedOf(row),
    thresholds: thresholds
      .map(({ percent, notify, audience, action }) => ({
        percent,
        notify,
        ...(audience ? { audience } : {}),
        ...(action ? { action } : {}),
      }))
      .sort((a, b) => a.percent - b.percent),
    limitRevision: row.limitRevision,
    generation: row.generation,
    next:
      nextGeneration === null || nextAfterUs === null
        ? null
        : { generation: nextGeneration, afterUs: nextAfterUs },
    // It stays when the generation it was begun for becomes the current one.
    countedAfterUs: nextGeneration === null ? nextAfterUs : null,
  };
}

function unpricedOf({ unpriced, unpricedUsdPerMtok }: BudgetRow): UnpricedRule {
  if (unpriced === "block") return { kind: "block" };
  if (unpriced === "rate" && unpricedUsdPerMtok !== null) {
    return { kind: "rate", femtoUsdPerMtok: readUsd(unpricedUsdPerMtok) };
  }
  return { kind: "warn" };
}

/** Reads PostgreSQL's numeric. @throws RangeError: a number that cannot be read must never count as 0 */
export function readUsd(text: string): FemtoUsd {
  const femtoUsd = parseUsd(text);
  if (femtoUsd === null) throw new RangeError(`not an amount of money: ${text}`);
  return femtoUsd;
}
