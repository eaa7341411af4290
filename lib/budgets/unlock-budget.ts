import type { CounterRow } from "@/db/queries/budget-counters";
import { lockBudgetRow } from "@/db/queries/budgets";
import { listLockedCounters, openCounter } from "@/db/queries/counter-locks";
import { changePolicyVersion } from "@/db/queries/policy";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import type { Budget } from "@/lib/budgets/budget";
import { valueNameOf } from "@/lib/budgets/budget-answer";
import { periodOf } from "@/lib/budgets/budget-period";
import { toBudget } from "@/lib/budgets/budget-row";
import type { UnlockBudgetInput } from "@/lib/budgets/budget-schemas";
import { lockOf } from "@/lib/budgets/counter-lock";
import { budgetNotFound, findReadableBudget } from "@/lib/budgets/find-budget";
import { UNTAGGED } from "@/lib/budgets/match-budget";
import { answerContextOf, readerOfAll } from "@/lib/budgets/read-figures";
import { OutlayError } from "@/lib/errors";

/**
 * Opens one value of a budget that a stage closed: the very next reservation is decided as if that stage were not there,
 * until the period ends or the limit is changed. What `strict` holds at 100 % holds.
 * @throws OutlayError `not_found`, `forbidden`; `conflict` where nothing of that is locked; `unprocessable` where several
 * are and it does not say which
 */
export async function unlockBudget(
  context: ActionContext,
  id: string,
  input: UnlockBudgetInput,
  nowMs = Date.now(),
): Promise<void> {
  const { projectId } = await findReadableBudget(context, id);
  // One of the whole installation binds every project: a role in one of them is not enough.
  requirePermission(context.actor, "budgets.unlock", projectId);
  const reader = await readerOfAll(context);
  const answers = { ...answerContextOf(reader, nowMs), hasReach: true };
  await context.db.transaction(async (tx) => {
    await changePolicyVersion(tx);
    const row = await lockBudgetRow(tx, id);
    if (!row || row.archivedAt) throw budgetNotFound();
    const budget = toBudget(row);
    const place = { budgetId: id, generation: row.generation };
    const locked = (await listLockedCounters(tx, place)).filter((counter) =>
      isLockedNow(budget, counter, nowMs),
    );
    const nameOf = ({ value }: CounterRow) => valueNameOf(budget, value, answers);
    const counter = choose(
      locked.filter(
        (one) =>
          (input.value === undefined || nameOf(one) === input.value) &&
          (input.period === undefined || periodNameOf(one) === input.period),
      ),
      budget,
    );
    await openCounter(tx, counter);
    const lock = lockOf(budget, counter);
    await recordAudit(tx, context, {
      action: "budget.unlock",
      targetType: "budget",
      targetId: id,
      projectId: row.projectId,
      before: { locked_at: lock && new Date(lock.atMs).toISOString(), percent: lock?.percent },
      // Without names that may be erased later: the trail outlives an erasure.
      after: {
        reason: input.reason,
        value: isErasable(budget) ? null : nameOf(counter),
        period: budget.window === "session" ? null : counter.period,
      },
    });
  });
}

function isLockedNow(budget: Budget, counter: CounterRow, nowMs: number): boolean {
  if (!lockOf(budget, counter)) return false;
  if (budget.window === "session" || budget.window === "trace") return true;
  return counter.period === periodOf(budget, { session: null, traceId: null }, nowMs);
}

function choose(locked: readonly CounterRow[], { window }: Budget): CounterRow {
  const [first, ...others] = locked;
  if (!first) throw new OutlayError("conflict", "Nothing of this is locked.");
  if (others.length === 0) return first;
  const isOneValue = others.every(({ value }) => value === first.value);
  const path = isOneValue ? "period" : "value";
  const message = isOneValue ? `is required: which ${window}` : "is required: several are locked";
  throw new OutlayError("unprocessable", `The body has a fault: ${path} ${message}.`, {
    errors: [{ path, message }],
  });
}

function periodNameOf({ period }: CounterRow): string {
  return period === UNTAGGED ? "(untagged)" : period;
}

function isErasable({ scope }: Budget): boolean {
  return scope === "user" || scope === "session";
}
