import { expect, test } from "vitest";
import { prepareVerdict } from "@/components/integrity/prepare-verdict";
import type { IntegrityAnswer } from "@/lib/integrity/integrity-schemas";

const NONE = { events: 0, open: 0 };
function answer(totals: Partial<IntegrityAnswer["totals"]>, error: string | null = null) {
  const counts = { equal: 0, moving: 0, different: 0, repaired: 0, sealed: 0, ...totals };
  const days = counts.equal + counts.moving + counts.different + counts.repaired + counts.sealed;
  const run = {
    id: "r",
    started_at: "",
    finished_at: null,
    days: 0,
    differences: 0,
    is_full: true,
  };
  return {
    checked_at: null,
    running: false,
    runs: [{ ...run, error }],
    totals: { difference_usd: "0", repaired_usd: "0", ...counts, days },
    days: [],
    budgets: [],
    rejections: { rejected: NONE, conflict: NONE, poisoned: NONE },
    gaps: [],
    gaps_summary: { sources: 0, from: "", is_cut: false },
    spools: [],
  };
}

test("days that agree are said to agree, and how many", () => {
  expect(prepareVerdict(answer({ equal: 30 }))).toEqual({
    tone: "good",
    title: "30 days compared: calls, rollups and counters agree to the last digit",
    details: [],
    exact: null,
  });
});

test("a day without a rollup is not said to agree with one", () => {
  const day = {
    project: "default",
    day: "2026-11-22",
    state: "equal" as const,
    calls: { events: 2, cost_usd: "1" },
    rollups: null,
    counters: { events: 2, cost_usd: "1" },
  };
  const given = { ...answer({ equal: 2 }), days: [{ ...day }] } as unknown as IntegrityAnswer;
  expect(prepareVerdict(given).details).toEqual([
    "1 day is not rolled up yet: there calls and counters agree.",
  ]);
});

test("a difference comes first, with its dollars, and the exact ones on hover", () => {
  const verdict = prepareVerdict(
    answer({ equal: 28, different: 2, difference_usd: "0.420000001" }),
  );
  expect(verdict).toMatchObject({
    tone: "danger",
    title: "2 of 30 days differ, by $0.42",
    exact: "$0.420000001",
  });
  expect(prepareVerdict(answer({ different: 1 })).title).toBe("1 of 1 day differs, in counts only");
});

test("a day that moves or is sealed is never among those that agree", () => {
  const { title, details } = prepareVerdict(answer({ equal: 1, moving: 1, sealed: 2 }));
  expect(title).toBe("1 day compared: calls, rollups and counters agree to the last digit");
  expect(details).toEqual([
    "1 day is still moving and will be compared.",
    "2 days are sealed: the calls expired, the sums stay.",
  ]);
  expect(prepareVerdict(answer({ moving: 3 })).title).toBe("No day has come to rest yet");
  expect(prepareVerdict(answer({})).title).toBe("Nothing was compared yet");
});

test("what was repaired stays in sight, and a failed comparison is never good news", () => {
  const verdict = prepareVerdict(answer({ repaired: 1, repaired_usd: "97.75" }, "out of reach"));
  expect(verdict.tone).toBe("caution");
  expect(verdict.details).toEqual([
    "The last comparison failed: out of reach.",
    "1 day differed, by $97.75, and was repaired.",
  ]);
});
