import { expect, test } from "vitest";
import { describeEngaged } from "@/components/layout/describe-engaged";
import type { KillSwitchAnswer } from "@/lib/kill-switches/kill-switch-schemas";

const switchOf = (
  scope: KillSwitchAnswer["scope"],
  project: string | null,
  value: string | null,
): KillSwitchAnswer => ({
  id: "018f0000-0000-7000-8000-000000000000",
  scope,
  project,
  value,
  engaged: true,
  reason: "a loop",
  engaged_by: "ada@example.com",
  engaged_at: "2026-11-22T12:00:00.000Z",
  until: null,
  released_by: null,
  released_at: null,
  release_reason: null,
});

test("one stopped thing is named with its reason, many are named and counted", () => {
  const researcher = switchOf("agent", "shop", "researcher");
  expect(describeEngaged([])).toBeNull();
  expect(describeEngaged([researcher])).toBe("Agent researcher of shop is stopped: a loop.");
  const project = switchOf("project", "shop", "shop");
  expect(describeEngaged([researcher, project])).toBe(
    "Stopped: agent researcher of shop, project shop.",
  );
  expect(describeEngaged([researcher, project, project, researcher])).toContain("and 1 more");
});

test("where everything is stopped nothing else has to be said", () => {
  const everything = switchOf("global", null, null);
  expect(describeEngaged([switchOf("agent", "shop", "a"), everything])).toBe(
    "Every agent is stopped: a loop.",
  );
});
