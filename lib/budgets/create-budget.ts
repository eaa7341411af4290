import { insertBudget, type NewBudgetRow } from "@/db/queries/budgets";
import { type BudgetRow, changePolicyVersion } from "@/db/queries/policy";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { type BudgetPlace, findBudgetPlace, requireBudgetWrite } from "@/lib/budgets/budget-place";
import { toRuleColumns } from "@/lib/budgets/budget-rules";
import type { CreateBudgetInput } from "@/lib/budgets/budget-schemas";
import { requireNamedChannels } from "@/lib/budgets/named-channels";
import { requireCheaperTarget } from "@/lib/budgets/require-cheaper-target";
import type { Env } from "@/lib/env";
import { getSettings } from "@/lib/settings/get-settings";

/**
 * Makes a budget. It decides once what was spent in its current period is counted from the ledger; window `request`
 * has nothing to count and decides at once.
 * @throws OutlayError `forbidden`, `not_found` for its project, `unprocessable`
 */
export async function createBudget(
  context: ActionContext & { env: Pick<Env, "timeZone"> },
  input: CreateBudgetInput,
): Promise<BudgetRow> {
  const place = await findBudgetPlace(context, input);
  requireBudgetWrite(context, place);
  await requireNamedChannels(context.db, place.projectId, input.thresholds);
  await requireCheaperTarget(context.db, { ...place, scope: input.scope }, withUnpriced(input));
  // Kept with the budget: its days must not move when the organisation moves.
  const timeZone = input.tz ?? (await getSettings(context.db, context.env)).time_zone;
  return context.db.transaction(async (tx) => {
    await changePolicyVersion(tx);
    const row = await insertBudget(tx, toRow(input, place, timeZone, context.actor.name));
    await recordAudit(tx, context, {
      action: "budget.create",
      targetType: "budget",
      targetId: row.id,
      projectId: row.projectId,
      after: { ...input, tz: timeZone },
    });
    return row;
  });
}

function toRow(
  input: CreateBudgetInput,
  { projectId, value }: BudgetPlace,
  timeZone: string,
  createdBy: string,
): NewBudgetRow {
  return {
    projectId,
    name: input.name,
    owner: input.owner,
    scope: input.scope,
    value,
    window: input.window,
    timeZone,
    weekStart: input.week_start ?? 1,
    monthDay: input.month_day ?? 1,
    ...toRuleColumns(withUnpriced(input)),
    generation: input.window === "request" ? 1 : 0,
    createdBy,
  };
}

/** What a strict cap cannot hold it refuses. */
function withUnpriced(input: CreateBudgetInput) {
  return { ...input, unpriced: input.unpriced ?? (input.mode === "strict" ? "block" : "warn") };
}
