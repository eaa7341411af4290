import { expect, test } from "vitest";
import { prepareUnwell } from "@/components/integrity/prepare-unwell";
import type { IntegrityAnswer } from "@/lib/integrity/integrity-schemas";

const none = { events: 0, open: 0 };
const well: IntegrityAnswer = {
  checked_at: null,
  running: false,
  runs: [],
  totals: {
    days: 7,
    equal: 7,
    moving: 0,
    different: 0,
    repaired: 0,
    sealed: 0,
    difference_usd: "0",
    repaired_usd: "0",
  },
  days: [],
  budgets: [],
  rejections: { rejected: none, conflict: none, poisoned: none },
  gaps: [],
  gaps_summary: { sources: 0, from: "2026-11-01T00:00:00Z", is_cut: false },
  spools: [],
};
const spool = (fields: Partial<IntegrityAnswer["spools"][number]>) => ({
  id: "a",
  fresh_to: "2026-11-01T00:00:00Z",
  backlog_events: 0,
  seen_at: "2026-11-01T00:00:00Z",
  is_gone: false,
  ...fields,
});

test("where all is well nothing is said, a moment's backlog and a stopped process included", () => {
  const spools = [spool({ backlog_events: 900 }), spool({ is_gone: true })];
  expect(prepareUnwell({ ...well, spools })).toEqual([]);
});

test("each thing that makes a figure doubtful is said, with its size", () => {
  const totals = { ...well.totals, different: 2, difference_usd: "12.5" };
  const rejections = { ...well.rejections, poisoned: { events: 4, open: 1 } };
  const spools = [
    spool({ backlog_events: 20_000 }),
    spool({ id: "b", is_gone: true, backlog_events: 3 }),
  ];
  expect(prepareUnwell({ ...well, totals, rejections, spools })).toEqual([
    "The stores differ on 2 days, by $12.50.",
    "Process b was not heard of for a minute, with 3 events not in the figures.",
    "20,000 events are accepted and not in the figures yet.",
    "1 event did not count and waits for somebody to look.",
  ]);
});
