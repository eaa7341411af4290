import fc from "fast-check";
import { expect, test } from "vitest";
import {
  listRuleFaults,
  type RuleDraft,
  ruleBody,
  ruleDraftOf,
  withAudience,
} from "@/components/alerts/rule-draft";
import { describeRule } from "@/components/alerts/rule-words";
import { AUDIENCES } from "@/lib/alerts/alert";
import { type AlertRuleAnswer, putAlertRuleSchema } from "@/lib/alerts/alert-rule-schemas";
import { DEFAULT_RULES, RULE_KINDS, type RuleKind } from "@/lib/alerts/alert-rules";

const answer = (kind: RuleKind, change: Partial<AlertRuleAnswer> = {}): AlertRuleAnswer => ({
  kind,
  project: null,
  is_default: true,
  enabled: true,
  floor_usd: DEFAULT_RULES[kind].floorUsd,
  audience: [...DEFAULT_RULES[kind].audience],
  options: { ...DEFAULT_RULES[kind].options },
  updated_by: null,
  updated_at: null,
  ...change,
});

test.each(RULE_KINDS)("the built-in rule for %s, saved as it stands, is what it was", (kind) => {
  const rule = answer(kind);
  const { floor_usd, audience, options, enabled } = rule;
  const body = putAlertRuleSchema.parse(ruleBody(ruleDraftOf(rule), "shop"));
  expect(body).toEqual({ kind, project: "shop", enabled, floor_usd, audience, options });
});

test("whatever is typed, the server takes what the form lets through", () => {
  const draft = fc.record<RuleDraft>({
    kind: fc.constantFrom(...RULE_KINDS),
    enabled: fc.boolean(),
    floor: fc.oneof(fc.string(), fc.double({ min: 0, max: 1e9 }).map(String)),
    audience: fc.subarray([...AUDIENCES]),
    option: fc.oneof(fc.string(), fc.integer().map(String), fc.double({ noNaN: true }).map(String)),
  });
  fc.assert(
    fc.property(draft, (typed) => {
      const body = ruleBody(typed, null);
      expect(body === null).toBe(Object.keys(listRuleFaults(typed)).length > 0);
      if (body !== null) putAlertRuleSchema.parse(body);
    }),
  );
});

test("a floor is typed as people type money, and what has no amount has none", () => {
  const draft = ruleDraftOf(answer("spike"));
  expect(ruleBody({ ...draft, floor: "$1,250.50" }, null)).toMatchObject({ floor_usd: "1250.5" });
  expect(listRuleFaults({ ...draft, floor: "-1" })).toHaveProperty("floor");
  const silence = ruleDraftOf(answer("silence"));
  expect(ruleBody({ ...silence, floor: "nonsense" }, null)).toMatchObject({ floor_usd: "0" });
});

test("who is told is named in one order, and somebody has to be", () => {
  expect(withAudience(["engineering"], "lead", true)).toEqual(["lead", "engineering"]);
  expect(withAudience(["lead", "engineering"], "lead", false)).toEqual(["engineering"]);
  expect(listRuleFaults({ ...ruleDraftOf(answer("spike")), audience: [] })).toHaveProperty(
    "audience",
  );
});

test("a rule is a sentence: what, from which amount on, whom", () => {
  expect(describeRule(answer("spike"))).toBe(
    "An hour at 3 times the usual, from $1 on: tells the lead and engineering.",
  );
  expect(describeRule(answer("spike", { floor_usd: "0" }))).toBe(
    "An hour at 3 times the usual: tells the lead and engineering.",
  );
  expect(describeRule(answer("silence", { options: { minutes: 90 } }))).toBe(
    "A source without an event for 1 h 30 min: tells engineering.",
  );
  expect(describeRule(answer("unpriced"))).toBe(
    "A model without a price, and more than 5 % of a day's calls without one: tells finance and engineering.",
  );
  expect(describeRule(answer("forecast", { enabled: false }))).toMatch(/^Off/);
});
