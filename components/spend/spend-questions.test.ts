import { expect, test } from "vitest";
import type { Scope } from "@/components/filters/scope";
import { defaultColumns, isLatency } from "@/components/spend/column-ids";
import { NO_FIGURES } from "@/components/spend/spend-answer";
import {
  beforeQuestion,
  groupsQuestion,
  isSameButLater,
  modelsQuestion,
  narrowToRow,
  seriesQuestion,
} from "@/components/spend/spend-questions";

const scope: Scope = {
  project: "*",
  timeZone: "UTC",
  choice: { range: "7d", from: null, to: null },
  range: { fromMs: Date.parse("2026-11-16"), toMs: Date.parse("2026-11-23") },
  nowMs: Date.parse("2026-11-22T08:00:00Z"),
  filters: [
    { dimension: "feature", value: "a" },
    { dimension: "feature", value: "b" },
    { dimension: "status", value: "ok" },
  ],
};
const question = {
  group: "feature",
  group2: null,
  interval: "day" as const,
  hasPercentiles: true,
  compare: null,
};

test("the drawn names replace their dimension's filters and keep all others; untagged is the empty text", () => {
  const query = seriesQuestion(scope, { ...question, metric: "cost" }, ["a", null]);
  expect(query.getAll("filter.feature")).toEqual(["a", ""]);
  expect(query.getAll("filter.status")).toEqual(["ok"]);
});

test("a row of two dimensions narrows both, its first name only the first", () => {
  const other = { dimension: "status", value: "ok" };
  expect(narrowToRow(scope.filters, ["feature", "model"], ["a", null])).toEqual([
    other,
    { dimension: "feature", value: "a" },
    { dimension: "model", value: "" },
  ]);
  expect(narrowToRow(scope.filters, ["feature"], ["b"])).toEqual([
    other,
    { dimension: "feature", value: "b" },
  ]);
});

test("earlier weeks are asked by day, for they are put together anew; percentiles can't be", () => {
  const interval = (metric: "cost" | "error-rate" | "p95", bin: "hour" | "week") =>
    beforeQuestion(scope, { metric, interval: bin }).get("interval");
  expect(interval("cost", "week")).toBe("day");
  expect(interval("error-rate", "week")).toBe("day");
  expect(interval("p95", "week")).toBe("week");
  expect(interval("cost", "hour")).toBe("hour");
});

test("what moved a model is asked by model and provider, each dimension once", () => {
  expect(modelsQuestion(scope, "model", ["gpt-5"]).get("group_by")).toBe("model,provider");
  expect(modelsQuestion(scope, "feature", null).get("group_by")).toBe("provider,model");
});

test("only minutes of the same question pass: another range is another question", () => {
  const at = (from: string, to: string) => `from=${from}&to=${to}&group_by=feature`;
  const first = at("2026-11-01T00:00:00Z", "2026-11-08T10:00:00Z");
  expect(isSameButLater(at("2026-11-01T00:00:00Z", "2026-11-08T10:01:00Z"), first)).toBe(true);
  expect(isSameButLater(at("2026-11-01T00:00:00Z", "2026-11-09T10:00:00Z"), first)).toBe(false);
  expect(isSameButLater(at("2026-11-02T00:00:00Z", "2026-11-08T10:00:00Z"), first)).toBe(false);
});

test("groups are asked for all figures, or for all but percentiles where none is shown", () => {
  expect(groupsQuestion(scope, ["user"]).has("figures")).toBe(false);
  const figures = groupsQuestion(scope, ["user"], false).get("figures")?.split(",") ?? [];
  const percentiles = Object.keys(NO_FIGURES).filter((name) => /_ms$/.test(name));
  expect(percentiles).toHaveLength(4);
  expect([...figures, ...percentiles].sort()).toEqual(Object.keys(NO_FIGURES).sort());
});

test("people's latencies wait until somebody asks for them; other columns are there from the start", () => {
  expect(defaultColumns(["feature"])).toContain("p95");
  expect(defaultColumns(["feature", "user"])).toEqual(
    defaultColumns(["feature"]).filter((id) => !isLatency(id)),
  );
});
