import { isDeepStrictEqual } from "node:util";
import { resolveAlertsOfLimits } from "@/db/queries/budget-alerts";
import { requestGeneration } from "@/db/queries/budget-generations";
import { lockBudgetRow, updateBudgetRow } from "@/db/queries/budgets";
import { openAllCounters } from "@/db/queries/counter-locks";
import { type BudgetRow, changePolicyVersion } from "@/db/queries/policy";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { rulesOf } from "@/lib/budgets/budget-answer";
import { requireBudgetWrite } from "@/lib/budgets/budget-place";
import { toBudget } from "@/lib/budgets/budget-row";
import { type BudgetRules, toRuleColumns } from "@/lib/budgets/budget-rules";
import { RATE_FRACTION_DIGITS, type UpdateBudgetInput } from "@/lib/budgets/budget-schemas";
import { checkBudget } from "@/lib/budgets/check-budget";
import { budgetNotFound, findReadableBudget } from "@/lib/budgets/find-budget";
import { requireNamedChannels } from "@/lib/budgets/named-channels";
import { requireCheaperTarget } from "@/lib/budgets/require-cheaper-target";
import { watchBudget } from "@/lib/budgets/watch-counters";
import { OutlayError } from "@/lib/errors";
import { parseDecimal, parseUsd } from "@/lib/money";

/**
 * Changes what a budget allows. Its counters stay as they are: an edit never gives back what was spent. One that says
 * what is there already changes nothing: no decision waits for it, and agents need not ask for the policy again.
 * @throws OutlayError `not_found`, `forbidden`, `unprocessable` where the whole of it cannot be kept
 */
export async function updateBudget(
  context: ActionContext,
  id: string,
  input: UpdateBudgetInput,
): Promise<BudgetRow> {
  const found = await findReadableBudget(context, id);
  requireBudgetWrite(context, found);
  if (!found.archivedAt && !isChange(found, input)) return found;
  return context.db.transaction(async (tx) => {
    await changePolicyVersion(tx);
    const row = await lockBudgetRow(tx, id);
    if (!row || row.archivedAt) throw budgetNotFound();
    const before = fieldsOf(row);
    const after = { ...before, ...withoutUndefined(input) };
    requireWhole(row, after);
    await requireNamedChannels(tx, row.projectId, after.thresholds, before.thresholds);
    await requireCheaperTarget(tx, toBudget(row), after, before);
    // What was counted went by the other price: counters of what it costs now are built beside those that decide.
    if (isPricedAnew(before, after) && row.window !== "request") await requestGeneration(tx, row);
    const { name, owner } = after;
    const nowMs = Date.now();
    const isLimitChanged = hasOtherLimits(before, after);
    const changed = await updateBudgetRow(tx, id, {
      name,
      owner,
      ...toRuleColumns(after),
      // Told and locked was by another limit: its period is open again.
      limitRevision: row.limitRevision + (isLimitChanged ? 1 : 0),
      updatedAt: new Date(nowMs),
    });
    const isOpened = isLimitChanged || after.mode === "observe";
    const opened = isOpened ? await openAllCounters(tx, counterPlaceOf(row)) : 0;
    if (isLimitChanged) await resolveAlertsOfLimits(tx, changed, new Date(nowMs));
    // What is spent already may be past the new limit, or past a stage that was not there.
    await watchBudget(tx, toBudget(changed), nowMs);
    await recordAudit(tx, context, {
      action: "budget.update",
      targetType: "budget",
      targetId: id,
      projectId: row.projectId,
      before: { ...before, limit_revision: row.limitRevision },
      after: {
        ...fieldsOf(changed),
        limit_revision: changed.limitRevision,
        ...(opened > 0 ? { unlocked: opened } : {}),
      },
    });
    return changed;
  });
}

/** All of a budget that can be changed, as it is answered. */
function fieldsOf(row: BudgetRow) {
  return { name: row.name, owner: row.owner, ...rulesOf(toBudget(row)) };
}

/** As it would be stored: `5.00` is no other limit than `5`, nor are stages in another order other stages. */
function isChange(row: BudgetRow, input: UpdateBudgetInput): boolean {
  const before = fieldsOf(row);
  const { name, owner, ...rules } = { ...before, ...withoutUndefined(input) };
  const after = fieldsOf({ ...row, name, owner, ...toRuleColumns(rules) });
  return !isDeepStrictEqual(before, after);
}

const LIMITS = [
  "limit_usd",
  "limit_tokens",
  "limit_calls",
  "limit_tool_calls",
  "limit_seconds",
] as const;

/** Whether a limit is another amount; "2.50" and "2.5" are one. */
function hasOtherLimits(before: BudgetRules, after: BudgetRules): boolean {
  return LIMITS.some((name) => {
    const [old, now] = [before[name], after[name]];
    if (name !== "limit_usd" || old === null || now === null) return old !== now;
    return parseUsd(String(old)) !== parseUsd(String(now));
  });
}

function counterPlaceOf({ id, generation }: BudgetRow) {
  return { budgetId: id, generation };
}

/** Whether unpriced calls cost another sum: what they are answered, warned of or refused, counts the same. */
function isPricedAnew(before: BudgetRules, after: BudgetRules): boolean {
  const rateOf = ({ unpriced }: BudgetRules) =>
    typeof unpriced === "string" ? null : parseDecimal(unpriced.usd_per_mtok, RATE_FRACTION_DIGITS);
  return rateOf(before) !== rateOf(after);
}

/** What is left out stays; null is an answer. */
function withoutUndefined<T extends object>(
  input: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]: Exclude<T[K], undefined> };
}

function requireWhole(row: BudgetRow, rules: BudgetRules): void {
  const { scope, window, projectId } = toBudget(row);
  // A project's own budget is stored without its slug.
  const value = scope === "project" && projectId !== null ? undefined : row.value;
  const errors = checkBudget({ ...rules, scope, window, value });
  const [first] = errors;
  if (!first) return;
  const detail = `The budget cannot be kept so: ${first.path} ${first.message}.`;
  throw new OutlayError("unprocessable", detail, { errors });
}
