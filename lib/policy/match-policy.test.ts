import fc from "fast-check";
import { expect, test } from "vitest";
import type { KillSwitchRow } from "@/db/queries/policy";
import { BUDGET_SCOPES, type Budget, windowsOf } from "@/lib/budgets/budget";
import { periodOf } from "@/lib/budgets/budget-period";
import { matchBudget } from "@/lib/budgets/match-budget";
import type { Policy } from "@/lib/budgets/policy-holder";
import { type AskedTags, matchPolicy, toCallTags } from "@/lib/policy/match-policy";
import { POLICY_TAGS } from "@/lib/policy/policy-schemas";

const OWN = "11111111-1111-4111-8111-111111111111";
const FOREIGN = "22222222-2222-4222-8222-222222222222";
const NOW = Date.UTC(2026, 10, 22, 12);

const BUDGET: Budget = {
  id: "33333333-3333-4333-8333-333333333333",
  projectId: OWN,
  name: "n",
  scope: "agent",
  value: "*",
  window: "day",
  timeZone: "UTC",
  weekStart: 1,
  monthDay: 1,
  limits: { usd: 1n, tokens: null, calls: null, toolCalls: null, ms: null },
  mode: "enforce",
  action: "block",
  throttlePerMinute: null,
  rerouteTo: null,
  unpriced: { kind: "warn" },
  thresholds: [],
  limitRevision: 1,
  generation: 1,
  countedAfterUs: null,
  next: null,
};

const SWITCH: KillSwitchRow = {
  id: "44444444-4444-4444-8444-444444444444",
  scope: "agent",
  projectId: OWN,
  value: "planner",
  engagedAt: new Date(NOW - 1000),
  engagedVersion: 1,
  engagedBy: "somebody",
  reason: "r",
  until: null,
  releasedAt: null,
  releasedBy: null,
  releaseReason: null,
};

const policyOf = (budgets: Partial<Budget>[], switches: Partial<KillSwitchRow>[] = []): Policy => ({
  version: 1,
  budgets: budgets.map((given) => ({ ...BUDGET, ...given })),
  switches: switches.map((given) => ({ ...SWITCH, ...given })),
  projects: new Map(),
});
const match = (policy: Policy, asked: AskedTags) => matchPolicy(policy, OWN, asked, NOW);

const asked = fc.record(
  Object.fromEntries(POLICY_TAGS.map((tag) => [tag, fc.constantFrom("", "a", "b")])),
  { requiredKeys: [] },
) as fc.Arbitrary<AskedTags>;
const budget = fc.constantFrom(...BUDGET_SCOPES).chain((scope) =>
  fc.record({
    scope: fc.constant(scope),
    window: fc.constantFrom(...windowsOf(scope)),
    value: fc.constantFrom("*", "a", null),
    projectId: fc.constantFrom(OWN, FOREIGN, null),
  }),
);

test("what is answered binds every call with the asked tags, whatever its others are; the rest is told as not asked", () => {
  fc.assert(
    fc.property(budget, asked, asked, (given, question, others) => {
      const policy = policyOf([given]);
      const found = match(policy, question);
      // A call that says more than was asked about.
      const tags = toCallTags(OWN, { ...others, ...question });
      const [one] = policy.budgets;
      const value = one ? matchBudget(one, tags) : null;
      const [bound] = found.budgets;
      if (bound && one) {
        expect(bound.value).toBe(value);
        expect(bound.period).toBe(periodOf(one, tags, NOW));
      } else if (value !== null) {
        expect(found.notAsked).not.toEqual([]);
        expect(found.notAsked.every((tag) => question[tag] === undefined)).toBe(true);
      }
      if (given.projectId === FOREIGN) expect(found).toMatchObject({ budgets: [], notAsked: [] });
    }),
    { numRuns: 2_000 },
  );
});

test("every switch that could stop a call with the asked tags is answered, and none that could not", () => {
  const scopes = ["global", "project", "agent", "feature", "user", "model"] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...scopes),
      fc.constantFrom("a", "b"),
      fc.constantFrom(OWN, FOREIGN),
      asked,
      (scope, value, projectId, question) => {
        const row =
          scope === "global"
            ? { scope, projectId: null, value: null }
            : { scope, projectId, value: scope === "project" ? null : value };
        const found = match(policyOf([], [row]), question).switches.length === 1;
        const isOwn = scope === "global" || projectId === OWN;
        const tag = scope === "global" || scope === "project" ? null : question[scope];
        expect(found).toBe(isOwn && (tag === undefined || tag === null || tag === value));
      },
    ),
  );
});

test("a switch whose time is up stops nobody, and a budget that is not counted decides nothing", () => {
  const over = policyOf([], [{ until: new Date(NOW) }, { until: new Date(NOW + 1) }]);
  expect(match(over, {}).switches).toHaveLength(1);
  const counting = policyOf([{ generation: 0, mode: "strict" }]);
  expect(match(counting, { agent: "a" })).toMatchObject({ budgets: [], notAsked: [] });
  // Whoever made it wanted a cap that holds.
  expect(match(counting, { agent: "a" }).isStrict).toBe(true);
});

test("an outage is closed where a strict budget binds the asked calls or might", () => {
  const strict = policyOf([{ mode: "strict", value: "a" }]);
  expect(match(strict, { agent: "a" }).isStrict).toBe(true);
  expect(match(strict, { agent: "b" }).isStrict).toBe(false);
  expect(match(strict, {}).isStrict).toBe(true);
  expect(match(policyOf([{ mode: "enforce" }]), { agent: "a" }).isStrict).toBe(false);
});
