import { expect, test } from "vitest";
import { presetScope } from "@/components/filters/scope";
import { canCap, capLine } from "@/components/spend/cap-line";
import { NO_FIGURES } from "@/components/spend/spend-answer";
import type { SpendLine } from "@/components/spend/spend-line";

const NOW = Date.UTC(2026, 10, 22, 12);
const scope = presetScope({ project: "*", timeZone: "UTC", nowMs: NOW }, "30d");

const lineOf = (names: (string | null)[], costUsd: string | null): SpendLine => ({
  names,
  value: null,
  base: null,
  share: null,
  shareWidth: 0,
  layer: null,
  slot: null,
  change: null,
  figures: { ...NO_FIGURES, cost_usd: costUsd },
});

test("a line begins a budget for its first name that can be capped, with a limit from what it spent", () => {
  const cap = capLine(lineOf(["openai", "researcher"], "295"), ["provider", "agent"], scope);
  // 29 and a half days have passed.
  expect(cap).toEqual({
    scope: "agent",
    value: "researcher",
    isUntagged: false,
    project: null,
    usd: "360",
  });
});

test("a line of a project caps it there, and a line without a name the calls without the tag", () => {
  const inProject = { ...scope, project: "shop" };
  expect(capLine(lineOf([null], "1"), ["user"], inProject)).toMatchObject({
    scope: "user",
    value: null,
    isUntagged: true,
    project: "shop",
  });
  const filtered = { ...scope, filters: [{ dimension: "project", value: "bank" }] };
  expect(capLine(lineOf(["a"], "1"), ["agent"], filtered).project).toBe("bank");
  expect(capLine(lineOf(["a", "shop"], "1"), ["agent", "project"], scope).project).toBe("shop");
});

test("an unknown cost suggests no limit, and by some dimensions nothing can be capped", () => {
  expect(capLine(lineOf(["a"], null), ["agent"], scope).usd).toBeNull();
  expect(canCap(["provider", "status"])).toBe(false);
  expect(canCap(["provider", "model"])).toBe(true);
});
