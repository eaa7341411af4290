import fc from "fast-check";
import { expect, test } from "vitest";
import { createBody } from "@/components/budgets/budget-body";
import { startDraft } from "@/components/budgets/budget-draft";
import { listLocked } from "@/components/budgets/locked-values";
import {
  nextStageDraft,
  readStages,
  type StageDraft,
  sayFirstAction,
  sayStages,
  stageDraftsOf,
  templateDrafts,
} from "@/components/budgets/stages-draft";
import { makeBudget } from "@/components/budgets/testing/make-budget";
import { AUDIENCES } from "@/lib/alerts/alert";
import { BUDGET_MODES, STAGE_ACTIONS } from "@/lib/budgets/budget";
import { createBudgetSchema } from "@/lib/budgets/budget-schemas";
import { ESCALATION_TEMPLATE } from "@/lib/budgets/stages";

test("the offered stages are those of the design, and what only observes locks nothing", () => {
  expect(sayStages(templateDrafts("enforce"))).toBe(
    "70 % tells the lead; 100 % tells finance and engineering; 120 % tells everybody and locks it",
  );
  expect(sayStages(templateDrafts("observe"))).not.toContain("locks");
  // Whom they tell by their percentage is not written down twice.
  expect(readStages(templateDrafts("enforce"), "enforce")).toEqual(
    ESCALATION_TEMPLATE.map(({ audience: _, ...stage }) => stage),
  );
});

test("whatever stages are typed, the server takes what the form lets through, lowest first", () => {
  const stage = fc.record<StageDraft>({
    percent: fc.oneof(fc.string({ maxLength: 6 }), fc.integer({ min: 0, max: 11_000 }).map(String)),
    audience: fc.subarray([...AUDIENCES]),
    notify: fc.subarray(["one", "two"]),
    action: fc.constantFrom("none", ...STAGE_ACTIONS),
  });
  const start = { ...startDraft({ project: "shop", value: "a", limitUsd: "1", timeZone: "UTC" }) };
  const rates = { throttlePerMinute: "5", rerouteTo: "small" };
  fc.assert(
    fc.property(
      fc.array(stage, { maxLength: 4 }),
      fc.constantFrom(...BUDGET_MODES),
      (stages, mode) => {
        const read = readStages(stages, mode);
        if (read === null) return;
        const body = createBudgetSchema.parse(createBody({ ...start, ...rates, mode, stages }));
        expect(body.thresholds.map(({ percent }) => percent)).toEqual(
          read.map(({ percent }) => percent).sort((one, two) => one - two),
        );
        // What was read shows as it was typed.
        expect(readStages(stageDraftsOf(read), mode)).toEqual(read);
      },
    ),
  );
});

test("a stage twice, one that tells nobody, and a lock that observes are faults", () => {
  const one: StageDraft = { percent: "70", audience: ["lead"], notify: [], action: "none" };
  expect(readStages([one, { ...one, percent: "70.0 %" }], "enforce")).toBeNull();
  expect(readStages([{ ...one, audience: [] }], "enforce")).toBeNull();
  expect(readStages([{ ...one, action: "lockout" }], "observe")).toBeNull();
  expect(readStages([one, nextStageDraft([one])], "enforce")).toHaveLength(2);
});

test("that calls go on past the limit is said where no stage acts before it", () => {
  expect(sayFirstAction(templateDrafts("enforce"), "enforce")).toContain("up to 120 %");
  expect(sayFirstAction(templateDrafts("strict"), "strict")).toBeNull();
  const [first, ...rest] = templateDrafts("enforce");
  const acting: StageDraft[] = first ? [{ ...first, action: "throttle" }, ...rest] : [];
  expect(sayFirstAction(acting, "enforce")).toBeNull();
});

test("what is locked is named as its unlocking has to be told", () => {
  const lock = { at: "2026-11-22T12:00:00.000Z", percent: 120, until: null };
  const value = (name: string, locked: typeof lock | null) => ({
    ...makeBudget({ locked }),
    value: name,
    period: null,
    changed_at: lock.at,
  });
  const one = { ...makeBudget({ locked: lock, value: "researcher" }), values: [] };
  expect(listLocked(one)).toEqual([{ name: null, period: null, lock }]);
  const each = { ...makeBudget({ value: "*" }), values: [value("a", null), value("b", lock)] };
  expect(listLocked(each)).toEqual([{ name: "b", period: null, lock }]);
  expect(listLocked({ ...makeBudget({}), values: [] })).toEqual([]);
});
