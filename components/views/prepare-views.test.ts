import { expect, test } from "vitest";
import { prepareViews } from "@/components/views/prepare-views";
import type { ViewAnswer } from "@/lib/views/view-schemas";

const AT = "2026-11-22T00:00:00.000Z";

function makeView(given: Partial<ViewAnswer>): ViewAnswer {
  return {
    id: crypto.randomUUID(),
    name: "A view",
    screen: "explore",
    query: "",
    project: null,
    shared: false,
    author: "Ada",
    is_own: true,
    can_change: true,
    created_at: AT,
    updated_at: AT,
    ...given,
  };
}

test("a screen's menu has its own views, and one's own come first", () => {
  const items = prepareViews(
    [
      makeView({ name: "a", is_own: false, shared: true }),
      makeView({ name: "b", screen: "calls" }),
      makeView({ name: "c" }),
    ],
    "explore",
    new URLSearchParams(),
  );
  expect(items.map(({ view, note }) => [view.name, note])).toEqual([
    ["c", "all projects · only you"],
    ["a", "all projects · shared by Ada"],
  ]);
});

test("the view that is open is marked, in whatever order the address has its parameters", () => {
  const views = [
    makeView({ query: "project=shop&range=7d&filter=feature%3Aa&group=model" }),
    makeView({ query: "range=7d" }),
  ];
  const search = new URLSearchParams("group=model&filter=feature:a&range=7d&project=shop");
  expect(prepareViews(views, "explore", search).map(({ isCurrent }) => isCurrent)).toEqual([
    true,
    false,
  ]);
});

test("a view leads to its screen with its question", () => {
  const [item] = prepareViews([makeView({ query: "range=7d" })], "explore", new URLSearchParams());
  expect(item?.href).toBe("/explore?range=7d");
});
