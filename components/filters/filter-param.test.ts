import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addFilter,
  groupFilters,
  narrowTo,
  readFilter,
  writeFilter,
} from "@/components/filters/filter-param";

test("a filter survives the URL, whatever its value or metadata key holds", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.constantFrom("feature", "model", "trace_id"),
        fc.string({ minLength: 1 }).map((key) => `metadata.${key}`),
      ),
      fc.string(),
      (dimension, value) => {
        const text = new URLSearchParams({ filter: writeFilter({ dimension, value }) }).toString();
        const back = new URLSearchParams(text).get("filter") ?? "";
        expect(readFilter(back)).toEqual({ dimension, value });
      },
    ),
  );
});

test("an unknown dimension is no filter, and an empty value means untagged", () => {
  expect(readFilter("colour:red")).toBeNull();
  expect(readFilter("feature")).toBeNull();
  expect(readFilter("feature:")).toEqual({ dimension: "feature", value: "" });
});

test("several values of one dimension are one chip of any of them, each once", () => {
  const chat = { dimension: "feature", value: "chat" };
  const filters = addFilter(addFilter(addFilter([], chat), { dimension: "agent", value: "" }), {
    dimension: "feature",
    value: "search",
  });
  expect(groupFilters(addFilter(filters, chat))).toEqual(
    new Map([
      ["agent", [""]],
      ["feature", ["search", "chat"]],
    ]),
  );
});

test("narrowing to a value replaces its dimension's others and keeps the rest", () => {
  const filters = [
    { dimension: "feature", value: "chat" },
    { dimension: "agent", value: "writer" },
  ];
  expect(narrowTo(filters, { dimension: "feature", value: "" })).toEqual([
    { dimension: "agent", value: "writer" },
    { dimension: "feature", value: "" },
  ]);
});
