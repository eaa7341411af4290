import { expect, test } from "vitest";
import { COMPARED_BY, compareSteps, sayMoved } from "@/components/traces/compare-sessions";
import { sampleTree } from "@/components/traces/testing/sample-tree";
import { formatUsd } from "@/lib/money";

const [BY_AGENT, BY_MODEL] = COMPARED_BY;
const call = (agent: string, usd: string | null, name = "gpt-5") => ({ name, agent, usd });

const A = sampleTree({ name: "lead", below: [call("lead", "0.10"), call("writer", "0.40")] });
const B = sampleTree({
  name: "lead",
  below: [call("lead", "0.12"), call("writer", "0.40"), call("critic", "0.48", "o4-mini")],
});

test("lines by any name add up to the difference of both, what differs most first", () => {
  for (const { nameOf } of COMPARED_BY) {
    const lines = compareSteps(A, B, nameOf);
    const sum = lines.reduce((all, { differenceUsd }) => all + differenceUsd, 0n);
    expect(formatUsd(sum)).toBe("0.5");
  }
  const lines = compareSteps(A, B, BY_AGENT.nameOf);
  expect(lines.map(({ name }) => name)).toEqual(["critic", "lead", "writer"]);
  expect(lines[0]).toMatchObject({ a: null, b: { calls: 1 } });
});

test("what moved is said in words, with the names that moved it", () => {
  const say = (a: typeof A, b: typeof B) =>
    sayMoved(a, b, compareSteps(a, b, BY_AGENT.nameOf), compareSteps(a, b, BY_MODEL.nameOf));
  expect(say(A, B)).toBe(
    "B cost $0.50 (100 %) more than A. Most of it: critic +$0.48, only in B; o4-mini +$0.48, only in B.",
  );
  expect(say(B, A)).toContain(
    "B cost $0.50 (50 %) less than A. Most of it: critic −$0.48, only in A",
  );
  expect(say(A, A)).toBe("Both cost the same: $0.50.");
});

test("a cost that is not known is compared with nothing", () => {
  const unknown = { ...A, totalUsd: null };
  expect(sayMoved(unknown, B, [], [])).toMatch(/not known/);
  const lines = compareSteps(sampleTree(call("lead", null)), A, BY_AGENT.nameOf);
  expect(lines.find(({ name }) => name === "lead")?.a).toMatchObject({
    usd: null,
    isAtLeast: true,
  });
});
