import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { listBucketStarts } from "@/lib/calendar/list-bucket-starts";
import { FIGURE_NAMES } from "@/lib/spend/figures";
import { sumSpend } from "@/lib/spend/sum-spend";
import { propertyRuns } from "@/lib/testing/property-runs";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let clickhouse: ClickHouse;
const at = (text: string) => Date.parse(text);
const project = { id: "id-days", slug: "days" };
const QUARTER_MS = 900_000;
const FROM = at("2026-03-01T00:00:00Z");

/** One call a quarter of an hour for 60 days, over the clock changes of spring; the nth costs n nano-dollars. */
const CALLS = Array.from({ length: 60 * 96 }, (_, n) => ({
  atMs: FROM + n * QUARTER_MS + (n % 899) * 1000,
  usd: BigInt(n + 1) * 10n ** 6n,
}));

beforeAll(async () => {
  store = await openTestClickHouse();
  clickhouse = store.clickhouse;
  const rows = CALLS.map(({ atMs, usd }) =>
    makeCallRow({
      atMs,
      project_id: project.id,
      cost_usd: `0.${usd.toString().padStart(15, "0")}`,
    }),
  );
  await clickhouse.insertLines("llm_calls", toLines(rows));
});
afterAll(() => store.close());

const femto = (text: string | null | undefined) =>
  BigInt((text ?? "0").split(".")[1]?.padEnd(15, "0") ?? "0");

async function ask(
  timeZone: string,
  interval: "day" | "hour" | "week",
  fromMs: number,
  toMs: number,
  figures: string[] = [...FIGURE_NAMES],
) {
  return sumSpend(
    { clickhouse, projects: [project], freshness: null, nowMs: toMs, organisationTimeZone: "UTC" },
    {
      fromUs: fromMs * 1000,
      toUs: toMs * 1000,
      timeZone,
      interval,
      groupBy: [],
      limit: 1000,
      asOfUs: null,
      figures,
      filters: [],
    },
  );
}

test("in any zone, days, weeks and hours hold exactly the calls of their own clock and add up to the range", async () => {
  const zones = Intl.supportedValuesOf("timeZone");
  const odd = [
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Pacific/Apia",
    "America/St_Johns",
    "Africa/Cairo",
    "America/Havana",
    "Africa/Casablanca",
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.constantFrom(...zones), fc.constantFrom(...odd)),
      fc.constantFrom("day" as const, "week" as const, "hour" as const),
      // Ragged ends too: seconds and milliseconds inside a bucket.
      fc.integer({ min: 0, max: 30 * 86_400_000 }),
      fc.integer({ min: 1, max: 30 * 86_400_000 }),
      async (zone, interval, offsetMs, lengthMs) => {
        const fromMs = FROM + offsetMs;
        const toMs = fromMs + lengthMs;
        const answer = await ask(zone, interval, fromMs, toMs);
        const inside = CALLS.filter((call) => call.atMs >= fromMs && call.atMs < toMs);
        const expected = inside.reduce((sum, call) => sum + call.usd, 0n);
        expect(femto(answer.total.cost_usd)).toBe(expected);
        const starts = answer.rows.map((row) => at(row.bucket));
        for (const [index, row] of answer.rows.entries()) {
          const own = inside.filter(
            ({ atMs }) => atMs >= (starts[index] ?? 0) && atMs < (starts[index + 1] ?? toMs),
          );
          expect(femto(row.cost_usd)).toBe(own.reduce((sum, call) => sum + call.usd, 0n));
          expect(row.calls).toBe(own.length);
        }
        if (interval === "day") {
          for (const row of answer.rows) expect(row.bucket).toMatch(/T0[0-3]:\d\d:00[+-]/);
        }
      },
    ),
    { numRuns: propertyRuns(60) },
  );
});

test("in every zone there is, days add up to the range and each begins at its own midnight", async () => {
  // Sixty days with the clock changes of spring in both halves of the world, from and to the middle of a bucket.
  const fromMs = FROM + 1_234_567;
  const toMs = FROM + 59 * 86_400_000 + 7_654_321;
  const inside = CALLS.filter((call) => call.atMs >= fromMs && call.atMs < toMs);
  const expected = inside.reduce((sum, call) => sum + call.usd, 0n);
  const asked = new Set<string>();
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    const starts = listBucketStarts({ fromMs, toMs }, "day", zone, 1000);
    const dayIn = new Intl.DateTimeFormat("en-CA", { timeZone: zone });
    const ownDays = [...new Set(inside.map(({ atMs }) => dayIn.format(atMs)))];
    expect({ zone, days: starts.map((startMs) => dayIn.format(startMs)) }).toEqual({
      zone,
      days: ownDays,
    });
    for (const startMs of starts) {
      expect(dayIn.format(startMs - 1), zone).not.toBe(dayIn.format(startMs));
    }
    // The store is given instants: zones whose days begin at the same ones are one question to it.
    if (asked.has(starts.join())) continue;
    asked.add(starts.join());
    const { total, rows } = await ask(zone, "day", fromMs, toMs, ["cost_usd", "calls"]);
    const days = rows.reduce((sum, row) => sum + femto(row.cost_usd), 0n);
    expect({ zone, days, total: femto(total.cost_usd), calls: total.calls }).toEqual({
      zone,
      days: expected,
      total: expected,
      calls: inside.length,
    });
    expect({ zone, starts: rows.map(({ bucket }) => at(bucket)) }).toEqual({ zone, starts });
    expect({ zone, days: rows.map(({ bucket }) => bucket.slice(0, 10)) }).toEqual({
      zone,
      days: ownDays,
    });
  }
}, 600_000);
