import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { type ExportQuery, exportQuerySchema } from "@/lib/export/export-schemas";
import { listSpendPages, type SpendExportContext } from "@/lib/export/list-spend-pages";
import { toFemto } from "@/lib/export/to-femto";
import { writeSpendCsv } from "@/lib/export/write-spend-csv";
import { parseQuery, readQuery } from "@/lib/request-input";
import { FIGURE_NAMES } from "@/lib/spend/figures";
import type { SpendQuery } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";
import { parseCsv, unguard } from "@/lib/testing/parse-csv";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
const at = (text: string) => Date.parse(text);
const NOW = at("2026-11-22T00:00:00Z");
const NOON = at("2026-11-10T12:00:00Z");
const DAY_MS = 86_400_000;

beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

function contextOf(...slugs: string[]): SpendExportContext {
  return {
    clickhouse: store.clickhouse,
    projects: slugs.map((slug) => ({ id: `id-${slug}`, slug })),
    freshness: null,
    momentUs: NOW * 1000,
    nowMs: NOW,
    organisationTimeZone: "UTC",
  };
}

async function insert(slug: string, calls: readonly CallRowOptions[]): Promise<void> {
  const rows = calls.map((call) => makeCallRow({ ...call, project_id: `id-${slug}` }));
  await store.clickhouse.insertLines("llm_calls", toLines(rows));
}

function questionOf(query: string): SpendQuery {
  const url = new URL(`http://x/?format=csv&${query}`);
  const read: ExportQuery = parseQuery(exportQuerySchema, readQuery(url));
  if (read.of !== "spend") throw new Error("not of spend");
  return read.question;
}

async function exportOf(context: SpendExportContext, query: string, pageCells?: number) {
  let text = "";
  for await (const line of writeSpendCsv(context, questionOf(query), pageCells)) text += line;
  return parseCsv(text);
}

/** The API's rows in the words of a CSV, by bucket and group. */
async function answerOf(context: SpendExportContext, query: string) {
  const question = questionOf(query);
  const answer = await sumSpend(context, { ...question, limit: 1_000_000 });
  expect(answer.rest).toBeNull();
  const rows = answer.rows.map((row) =>
    Object.fromEntries(
      ["bucket", ...question.groupBy, ...question.figures].map((name) => {
        const value = row[name] ?? "";
        // No figure of these calls is so small or large that JavaScript writes it as a power of ten.
        return [name, String(value)];
      }),
    ),
  );
  return { answer, rows };
}

const byName = (rows: Record<string, string>[]) => rows.map((row) => JSON.stringify(row)).sort();

const TAG = fc.constantFrom(
  "",
  "a",
  "b",
  "=SUM(A1)",
  "-c",
  "@d",
  "'e",
  'say "x", y',
  "😀",
  "k\r\nl",
);
const CALL = fc.record({
  atMs: fc.integer({ min: NOON - 30 * DAY_MS, max: NOON + 5 * DAY_MS }),
  feature: TAG,
  user: TAG,
  team: TAG,
  attempt: fc.nat(3),
  usd: fc.option(fc.bigInt({ min: 0n, max: 10n ** 20n })),
  ttft: fc.option(fc.integer({ min: 1, max: 5000 })),
});

const toUsd = (femto: bigint) =>
  `${femto / 10n ** 15n}.${(femto % 10n ** 15n).toString().padStart(15, "0")}`;

test("a CSV is the API's answer: the same rows and figures to the last digit, for any groups, zone, filter and page", async () => {
  const calls = fc.sample(CALL, { numRuns: 300, seed: 11 });
  for (const slug of ["one", "two"]) {
    await insert(
      slug,
      calls.map(({ usd, team, ttft, ...rest }) => ({
        ...rest,
        cost_usd: usd === null ? null : toUsd(usd),
        metadata: team === "" ? {} : { team },
        time_to_first_token_ms: ttft,
        duration_ms: ttft,
      })),
    );
  }
  const context = contextOf("one", "two");
  const question = fc.record({
    groups: fc.subarray(["feature", "user", "metadata.team", "attempt", "project"], {
      maxLength: 3,
    }),
    interval: fc.constantFrom("total", "month", "week", "day", "hour"),
    filter: fc.constantFrom("", "&filter.feature=", "&filter.user=a&filter.user=-c"),
    // Clocks change in Berlin on October 25 and in New York on November 1; Chatham is 45 minutes off.
    zone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Pacific/Chatham"),
    from: fc.constantFrom("2026-10-20T00:00:00Z", "2026-11-01T07:11:13.000017Z"),
    figures: fc.constantFrom("", "&figures=calls,p95_duration_ms", "&figures=cost_usd"),
    pageCells: fc.constantFrom(9, 40, 200, 10_000),
  });
  await fc.assert(
    fc.asyncProperty(question, async (asked) => {
      const { interval, filter, zone, from, figures, pageCells } = asked;
      // The API itself answers no more cells than this.
      const groups = interval === "hour" ? asked.groups.slice(0, 1) : asked.groups;
      const query = `from=${from}&to=2026-11-16T00:00:00Z&tz=${zone}&interval=${interval}&group_by=${groups.join(",")}${filter}${figures}`;
      const { answer, rows } = await answerOf(context, query);
      const csv = await exportOf(context, query, pageCells);
      expect(csv.names.slice(0, 1 + groups.length)).toEqual(["bucket", ...groups]);
      const found = csv.rows.map(({ range_from, range_to, tz, as_of, ...row }) => {
        expect({ from: range_from, to: range_to, tz }).toEqual({
          from: answer.from,
          to: answer.to,
          tz: zone,
        });
        return Object.fromEntries(
          Object.entries(row).map(([name, cell]) => [
            name,
            groups.includes(name) ? unguard(cell) : cell,
          ]),
        );
      });
      expect(byName(found)).toEqual(byName(rows));
      // What one statement answers comes in the answer's own order.
      if (pageCells === 10_000) expect(found).toEqual(rows);
      if (figures.includes("calls,")) return;
      const sum = csv.rows.reduce((total, row) => total + toFemto(row.cost_usd || "0"), 0n);
      expect(sum).toBe(toFemto(answer.total.cost_usd ?? "0"));
    }),
    { numRuns: 15 },
  );
});

test("a file says what it has: every figure, the range and its zone; nothing received is a line of names alone", async () => {
  const csv = await exportOf(contextOf("nobody"), "group_by=model,feature&interval=day");
  expect(csv).toEqual({
    names: ["bucket", "model", "feature", ...FIGURE_NAMES, "range_from", "range_to", "tz", "as_of"],
    rows: [],
  });
});

test("pages come bucket by bucket, in each the dearest first, and none of a group comes twice", async () => {
  await insert(
    "ranks",
    Array.from({ length: 90 }, (_, n) => ({
      atMs: NOON + Math.floor(n / 30) * DAY_MS,
      user: `u${n % 30}`,
      cost_usd: n % 7 === 0 ? null : `${(n * 37) % 11}`,
      cost_status: n % 7 === 0 ? "unpriced" : "priced",
    })),
  );
  const query = "group_by=user&interval=day&figures=cost_usd";
  const { rows } = await exportOf(contextOf("ranks"), query, 4);
  const places = rows.map(({ bucket = "", cost_usd, user = "" }) => ({
    bucket,
    cost: toFemto(cost_usd || "0"),
    user,
  }));
  const sorted = [...places].sort(
    (one, two) =>
      (one.bucket < two.bucket ? -1 : one.bucket > two.bucket ? 1 : 0) ||
      (one.cost === two.cost ? (one.user < two.user ? -1 : 1) : one.cost > two.cost ? -1 : 1),
  );
  expect(places).toEqual(sorted);
  expect(new Set(places.map(({ bucket, user }) => `${bucket} ${user}`)).size).toBe(90);
});

test("what arrives or is corrected between two pages is in none of them: the file is of one moment", async () => {
  const sent = Array.from({ length: 40 }, (_, n) => ({
    id: `m${n}`,
    atMs: NOON + n * 60_000,
    user: `u${n}`,
    cost_usd: `${n}.25`,
    ingestedAtUs: (NOW - DAY_MS) * 1000 + n,
  }));
  await insert("moving", sent);
  const context = contextOf("moving");
  const query = questionOf("group_by=user&figures=cost_usd");
  const before = await sumSpend(context, query);
  const rows: { user?: unknown; cost_usd?: string | null | undefined }[] = [];
  for await (const page of listSpendPages(context, query, 8)) {
    expect(page.asOf).toBe("2026-11-22T00:00:00+00:00");
    rows.push(...page.rows);
    await insert("moving", [
      {
        atMs: NOON,
        user: `late${rows.length}`,
        cost_usd: "5",
        ingestedAtUs: NOW * 1000 + 1 + rows.length,
      },
    ]);
  }
  expect(rows.map(({ user, cost_usd }) => [user, cost_usd])).toEqual(
    before.rows.map(({ user, cost_usd }) => [user, cost_usd]),
  );
});

test("figures that changed between two pages break the file off: it never looks whole", async () => {
  await insert(
    "shaken",
    Array.from({ length: 30 }, (_, n) => ({ atMs: NOON, user: `u${n}`, cost_usd: "1" })),
  );
  const read = async () => {
    for await (const { rows } of listSpendPages(
      contextOf("shaken"),
      questionOf("group_by=user&figures=cost_usd"),
      10,
    )) {
      // It pretends to have arrived long ago, as an event of another process's spool would.
      await insert("shaken", [
        { atMs: NOON, user: `v${rows.length}`, cost_usd: "1", ingestedAtUs: NOON * 1000 },
      ]);
    }
  };
  await expect(read()).rejects.toMatchObject({ code: "unavailable" });
});
