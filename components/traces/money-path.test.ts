import { expect, test } from "vitest";
import { dearestPath, openAtFirst } from "@/components/traces/dearest-path";
import { findMoneyPath } from "@/components/traces/money-path";
import { listTicks, placeInTime, shareOf } from "@/components/traces/place-bars";
import { findShown } from "@/components/traces/shown-steps";
import { type SampleStep, sampleTree } from "@/components/traces/testing/sample-tree";

const calls = (count: number, usd: string, name = "gpt-5"): SampleStep[] =>
  Array.from({ length: count }, () => ({ name, usd }));

const TREE = sampleTree({
  name: "orchestrator",
  below: [
    { name: "writer", below: calls(2, "0.09") },
    { name: "researcher", below: [...calls(14, "0.05"), { name: "o4-mini", usd: "0.12" }] },
  ],
});

const words = (tree: typeof TREE) =>
  findMoneyPath(tree).map(({ share, text }) => [share, text].filter(Boolean).join(" "));

test("where the money went is told from the top down, calls of one model together", () => {
  expect(words(TREE)).toEqual(["82.0 % researcher", "70.0 % 14 × gpt-5"]);
  const flat = sampleTree({ name: "support", below: calls(3, "0.10") });
  expect(words(flat)).toEqual(["100.0 % 3 × gpt-5"]);
});

test("money that went nowhere in particular has no way to it, and neither has none", () => {
  const many = sampleTree(...Array.from({ length: 9 }, (_, at) => ({ name: `m${at}`, usd: "1" })));
  expect(words(many)).toEqual([]);
  expect(words(sampleTree({ name: "free" }))).toEqual([]);
});

test("a large tree is open along the way to what cost most, a small one everywhere", () => {
  const nameOf = (place: number) => TREE.steps[place]?.name;
  expect(dearestPath(TREE).map(nameOf)).toEqual(["orchestrator", "researcher", "o4-mini"]);
  expect(openAtFirst(TREE).size).toBe(TREE.steps.length);
  const large = sampleTree({
    name: "root",
    below: [
      { name: "cheap", below: calls(50, "0.001") },
      { name: "dear", below: calls(2, "5") },
    ],
  });
  const open = [...openAtFirst(large)].map((place) => large.steps[place]?.name);
  expect(open).toContain("dear");
  expect(open).not.toContain("cheap");
});

test("a filter keeps what stands above each match, and what has no price stays among the dear", () => {
  const tree = sampleTree({
    name: "root",
    below: [
      { name: "a", below: [{ name: "needle", usd: "0.0001" }] },
      {
        name: "b",
        below: [
          { name: "lost", usd: null },
          { name: "dear", usd: "1", status: "error" },
        ],
      },
    ],
  });
  const kept = (filter: Partial<Parameters<typeof findShown>[1]>) => {
    const shown = findShown(tree, { find: "", isDearOnly: false, isFailedOnly: false, ...filter });
    return shown && tree.steps.filter((_, at) => shown.kept.has(at)).map(({ name }) => name);
  };
  expect(kept({})).toBeNull();
  expect(kept({ find: " NEEDLE " })).toEqual(["root", "a", "needle"]);
  expect(kept({ isDearOnly: true })).toEqual(["root", "b", "lost", "dear"]);
  expect(kept({ isFailedOnly: true })).toEqual(["root", "b", "dear"]);
  expect(kept({ find: "nothing like it" })).toEqual([]);
});

test("a bar is its share and never longer than the whole; what is unknown has none", () => {
  expect(shareOf(1n, 4n)).toBe(0.25);
  expect(shareOf(9n, 4n)).toBe(1);
  expect(shareOf(null, 4n)).toBe(0);
  expect(shareOf(1n, null)).toBe(0);
  expect(shareOf(1n, 0n)).toBe(0);
});

test("a step stands in time where it was, within the axis whatever its clock said", () => {
  const axis = { startMs: 1_000, endMs: 3_000 };
  expect(placeInTime({ startMs: 1_500, endMs: 2_000 }, axis)).toEqual({ from: 0.25, length: 0.25 });
  expect(placeInTime({ startMs: 2_000, endMs: null }, axis)).toEqual({ from: 0.5, length: 0 });
  expect(placeInTime({ startMs: 0, endMs: 9_000 }, axis)).toEqual({ from: 0, length: 1 });
  expect(placeInTime({ startMs: 1, endMs: 2 }, { startMs: 5, endMs: 5 })).toBeNull();
  expect(listTicks(240_000, 5)).toEqual([0, 60_000, 120_000, 180_000, 240_000]);
  expect(listTicks(0, 5)).toEqual([0]);
  expect(listTicks(10 ** 11, 5).length).toBeLessThanOrEqual(6);
});
