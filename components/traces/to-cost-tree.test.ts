import { expect, test } from "vitest";
import { listMarks } from "@/components/traces/list-marks";
import { printableName } from "@/components/traces/printable-name";
import { sampleTree } from "@/components/traces/testing/sample-tree";
import { toCostTree } from "@/components/traces/to-cost-tree";
import { FEMTO_PER_USD, formatUsd } from "@/lib/money";
import type { TreeNode } from "@/lib/traces/trace-schemas";

const FIGURES = {
  started_at: "2026-11-20T10:00:00Z",
  ended_at: "2026-11-20T10:01:00Z",
  cost_usd: "1.5",
};

test("what the answer sums up is a step of its own, so that branches add up to what is above them", () => {
  const [root] = sampleTree({ name: "root", below: [{ name: "call", usd: "1" }] }).steps;
  const more = { steps: 1_200, calls: 900, cost_usd: "0.25", is_at_least: true };
  const nodes = [{ ...root?.node, more } as TreeNode];
  const { steps, roots } = toCostTree({ nodes, more }, FIGURES);
  expect(roots).toEqual([0, 2]);
  expect(steps[0]?.children).toEqual([1]);
  expect(steps[1]).toMatchObject({
    kind: "more",
    name: "1,200 more steps, cheaper than those shown",
    isAtLeast: true,
    calls: 900,
  });
  expect(formatUsd(steps[1]?.totalUsd ?? 0n)).toBe("0.25");
});

test("a step whose parent the answer does not name stands at the top", () => {
  const [step] = sampleTree({ name: "call", usd: "1" }).steps;
  const { roots } = toCostTree(
    { nodes: [{ ...step?.node, parent_id: "gone" } as TreeNode], more: null },
    FIGURES,
  );
  expect(roots).toEqual([0]);
});

test("a name that turns text around or cannot be seen is written out, and one that is HTML stays text", () => {
  expect(printableName("invoice\u202Egnp.exe\n2")).toBe("invoice\\u202Egnp.exe 2");
  expect(printableName("a\u0000b\u200Bc")).toBe("a\\u0000b\\u200Bc");
  expect(printableName("<b>日本 é</b>")).toBe("<b>日本 é</b>");
});

test("what is worth seeing is marked in words", () => {
  const marks = (over: Partial<TreeNode>) => {
    const [step] = sampleTree({ name: "call", usd: "0.10", ...over }).steps;
    return step?.node ? listMarks(step.node, FEMTO_PER_USD).map(({ label }) => label) : [];
  };
  expect(marks({})).toEqual([]);
  expect(marks({ status: "error", error_type: "rate_limit" })).toEqual(["rate limit"]);
  expect(marks({ retry: { of: null }, attempt: 3 })).toEqual(["try 3"]);
  const loop = { length: 2, repeats: 12, evidence: "same" as const };
  expect(marks({ loop })).toEqual(["loop × 12"]);
  expect(marks({ loop: { length: 1, repeats: 520, evidence: "alike" } })).toEqual(["520 in a row"]);
  expect(marks({ cost_status: "unpriced" })).toEqual(["unpriced"]);
  expect(marks({ repeat_count: 2 })).toEqual(["2 hidden"]);
  expect(marks({ counted: false })).toEqual(["not counted"]);
  // A cent of a dollar is worth a mark, less is not.
  expect(marks({ cache_saving_usd: "0.01" })).toEqual(["cache −$0.01"]);
  expect(marks({ cache_saving_usd: "0.009" })).toEqual([]);
  const context = { turn: 9, window_tokens: 1_000, window_share: 0.9, growth: 4, is_growing: true };
  expect(marks({ context })).toEqual(["window 90 %"]);
  expect(marks({ context: { ...context, window_share: 0.4 } })).toEqual(["prompt × 4.0"]);
});
