import fc from "fast-check";
import { expect, test } from "vitest";
import { flattenTree, listAncestors, type TreePlace } from "@/components/traces/flatten-tree";
import { moveActive } from "@/components/traces/move-active";

/** A forest: each step hangs below an earlier one, or is a root. */
const forests = fc.array(fc.nat(), { maxLength: 60 }).map((picks) => {
  const places: (TreePlace & { children: number[] })[] = [];
  const roots: number[] = [];
  picks.forEach((pick, index) => {
    const parent = pick % (index + 1) === index ? null : pick % (index + 1);
    places.push({ parent, children: [] });
    (parent === null ? roots : (places[parent]?.children ?? [])).push(index);
  });
  return { places, roots };
});

test("what is open shows every step once, below the one it hangs on, with its place among its siblings", () => {
  fc.assert(
    fc.property(forests, ({ places, roots }) => {
      const rows = flattenTree(places, roots, { isExpanded: () => true, kept: null });
      expect(rows.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...places.keys()]);
      for (const { index, level, position, setSize } of rows) {
        expect(level).toBe(listAncestors(places, index).length + 1);
        const parent = places[index]?.parent ?? null;
        const siblings = parent === null ? roots : (places[parent]?.children ?? []);
        expect([siblings[position - 1], siblings.length]).toEqual([index, setSize]);
      }
    }),
  );
});

test("a step is shown exactly where everything above it is open", () => {
  fc.assert(
    fc.property(forests, fc.array(fc.boolean()), ({ places, roots }, open) => {
      const isExpanded = (index: number) => open[index] ?? false;
      const rows = flattenTree(places, roots, { isExpanded, kept: null });
      const shown = [...places.keys()].filter((index) =>
        listAncestors(places, index).every(isExpanded),
      );
      expect(rows.map(({ index }) => index).sort((a, b) => a - b)).toEqual(shown);
    }),
  );
});

test("a chain of 20,000 levels is drawn like any other tree", () => {
  const places = Array.from({ length: 20_000 }, (_, index) => ({
    parent: index === 0 ? null : index - 1,
    children: index === 19_999 ? [] : [index + 1],
  }));
  const rows = flattenTree(places, [0], { isExpanded: () => true, kept: null });
  expect(rows.at(-1)).toMatchObject({ index: 19_999, level: 20_000, isExpanded: null });
});

test("the arrows walk a tree as a tree grid's do: in and out, up and down, and to both ends", () => {
  // 0 holds 1 and 2, and 2 holds 3; 2 is closed.
  const places = [
    { parent: null, children: [1, 2] },
    { parent: 0, children: [] },
    { parent: 0, children: [3] },
    { parent: 2, children: [] },
  ];
  const rows = flattenTree(places, [0], { isExpanded: (index) => index === 0, kept: null });
  const keys = (active: number | null, key: string) => moveActive(rows, active, key);
  expect(keys(null, "ArrowDown")).toEqual({ kind: "go", index: 0 });
  expect(keys(0, "ArrowDown")).toEqual({ kind: "go", index: 1 });
  expect(keys(0, "ArrowRight")).toEqual({ kind: "go", index: 1 });
  expect(keys(0, "ArrowLeft")).toEqual({ kind: "expand", index: 0, isExpanded: false });
  expect(keys(2, "ArrowRight")).toEqual({ kind: "expand", index: 2, isExpanded: true });
  expect(keys(2, "ArrowLeft")).toEqual({ kind: "go", index: 0 });
  expect(keys(1, "ArrowRight")).toBeNull();
  expect(keys(0, "End")).toEqual({ kind: "go", index: 2 });
  expect(keys(2, "Home")).toEqual({ kind: "go", index: 0 });
  expect(keys(2, "ArrowDown")).toBeNull();
  expect(keys(1, "Enter")).toEqual({ kind: "open", index: 1 });
  expect(keys(1, "a")).toBeNull();
});
