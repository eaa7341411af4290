import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { deleteProjectCalls } from "@/db/clickhouse/queries/delete-project-calls";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { parseUsd } from "@/lib/money";
import { parseQuery, readQuery } from "@/lib/request-input";
import { spendAnswerSchema, spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";
import { propertyRuns } from "@/lib/testing/property-runs";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let clickhouse: ClickHouse;
let projectNumber = 0;
const at = (text: string) => Date.parse(text);
const NOW = at("2026-11-22T00:00:00Z");
const NOON = at("2026-11-10T12:00:00Z");

beforeAll(async () => {
  store = await openTestClickHouse();
  clickhouse = store.clickhouse;
});
afterAll(() => store.close());

/** A project of its own with these calls. */
async function projectWith(calls: CallRowOptions[]): Promise<string> {
  projectNumber += 1;
  const slug = `p${projectNumber}`;
  await insert(slug, calls);
  return slug;
}

function insert(slug: string, calls: CallRowOptions[]): Promise<void> {
  const rows = calls.map((call) => makeCallRow({ ...call, project_id: `id-${slug}` }));
  return clickhouse.insertLines("llm_calls", toLines(rows));
}

async function ask(slugs: string | string[], query: string) {
  const projects = [slugs].flat().map((slug) => ({ id: `id-${slug}`, slug }));
  const parsed = parseQuery(spendQuerySchema, readQuery(new URL(`http://x/?${query}`)));
  const answer = await sumSpend(
    { clickhouse, projects, freshness: null, nowMs: NOW, organisationTimeZone: "UTC" },
    parsed,
  );
  return spendAnswerSchema.parse(answer);
}

const femto = (text: string | null | undefined) => parseUsd(text ?? "0") ?? 0n;
const sumUsd = (rows: { cost_usd?: string | null | undefined }[]) =>
  rows.reduce((sum, row) => sum + femto(row.cost_usd), 0n);
const sumOf = (rows: Record<string, unknown>[], figure: string) =>
  rows.reduce((sum, row) => sum + Number(row[figure] ?? 0), 0);

/** A percentile is within 1 % of the true one. */
function expectNear(actual: number | null | undefined, expected: number): void {
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(expected / 100);
}

test("one question gives total, rows and figures by feature, dearest first", async () => {
  const slug = await projectWith([
    { atMs: NOON, feature: "chat", cost_usd: "0.25", duration_ms: 100, output_tokens: 7 },
    { atMs: NOON, feature: "chat", cost_usd: "0.000000000000001", duration_ms: 300 },
    { atMs: NOON, feature: "search", cost_usd: "3", status: "error", error_type: "timeout" },
    { atMs: NOON, feature: "", cost_usd: null, cost_status: "unpriced", has_usage: false },
  ]);
  const answer = await ask(slug, "group_by=feature");
  expect(answer.rows.map((row) => [row.feature, row.cost_usd, row.calls, row.errors])).toEqual([
    ["search", "3", 1, 1],
    ["chat", "0.250000000000001", 2, 0],
    [null, null, 1, 0],
  ]);
  expect(answer.rows[2]).toMatchObject({ unpriced_calls: 1, input_tokens: null });
  expect(answer.total).toMatchObject({
    cost_usd: "3.250000000000001",
    calls: 4,
    unpriced_calls: 1,
  });
  expect(answer.rest).toBeNull();
  expect(answer.first_event_at).toBe("2026-11-10T12:00:00Z");
});

test("nothing received is a zero of everything but time, and no row", async () => {
  const answer = await ask("nobody", "group_by=model,feature&interval=day");
  expect(answer).toMatchObject({ rows: [], rest: null, first_event_at: null, last_event_at: null });
  expect(answer.total).toMatchObject({
    cost_usd: "0",
    calls: 0,
    input_tokens: 0,
    p50_duration_ms: null,
  });
});

test("calls, errors and latency are of llm events, money and tokens of all", async () => {
  const slug = await projectWith([
    { atMs: NOON, cost_usd: "1", duration_ms: 100 },
    { atMs: NOON, type: "tool", cost_usd: "2", status: "error", duration_ms: 9_000 },
  ]);
  const { total } = await ask(slug, "");
  expect(total).toMatchObject({
    cost_usd: "3",
    calls: 1,
    errors: 0,
    input_tokens: 200,
  });
  expectNear(total.p95_duration_ms, 100);
});

test("retries are llm events after the first attempt, with what is known of their cost", async () => {
  const slug = await projectWith([
    { atMs: NOON, cost_usd: "1" },
    { atMs: NOON, attempt: 1, cost_usd: "1" },
    { atMs: NOON, attempt: 2, cost_usd: "0.000000000000001" },
    { atMs: NOON, attempt: 3, cost_usd: "0.2", feature: "chat" },
    { atMs: NOON, attempt: 2, cost_usd: null, cost_status: "unpriced", feature: "new" },
    { atMs: NOON, type: "tool", attempt: 2, cost_usd: "5" },
  ]);
  const { total, rows } = await ask(slug, "group_by=feature&limit=2");
  expect(total).toMatchObject({
    retries: 3,
    retry_cost_usd: "0.200000000000001",
    unpriced_retries: 1,
  });
  expect(rows.find((row) => row.feature === "chat")).toMatchObject({
    retries: 1,
    retry_cost_usd: "0.2",
    unpriced_retries: 0,
  });
  const one = await ask(slug, "filter.feature=new&figures=retry_cost_usd,unpriced_retries");
  expect(one.total).toEqual({ retry_cost_usd: null, unpriced_retries: 1 });
  const none = await ask("nobody", "figures=retries,retry_cost_usd,unpriced_retries");
  expect(none.total).toEqual({ retries: 0, retry_cost_usd: "0", unpriced_retries: 0 });
});

test("percentiles of few calls are exact, in whatever cells they lie", async () => {
  const slug = await projectWith(
    [100, 200, 300, 400, 512.25].map((duration_ms, n) => ({
      atMs: NOON + n * 3_600_000,
      feature: `f${n}`,
      duration_ms,
      time_to_first_token_ms: n === 0 ? 1234.5 : null,
    })),
  );
  for (const query of ["", "group_by=feature", "interval=hour&group_by=feature&limit=2"]) {
    const { total } = await ask(slug, query);
    expect(total).toMatchObject({ p50_duration_ms: 300, p50_ttft_ms: 1234.5, p95_ttft_ms: 1234.5 });
    expect(total.p95_duration_ms).toBeCloseTo(400 + 0.8 * 112.25, 9);
  }
});

test("a call without a latency has none: it moves no percentile", async () => {
  const calls = Array.from({ length: 400 }, (_, n) => ({
    id: `n${n}`,
    atMs: NOON,
    duration_ms: n < 200 ? 100 : null,
  }));
  const slug = await projectWith(calls);
  const { total } = await ask(slug, "from=2026-11-10T00:00:00Z&to=2026-11-11T00:00:00Z");
  expectNear(total.p95_duration_ms, 100);
  expect(total.p50_ttft_ms).toBeNull();
});

test("an absurdly short or long duration among many fails no question", async () => {
  const times = [1e-300, 1e-242, 0, 1e15, 1.7e308, ...Array.from({ length: 200 }, () => 250)];
  const slug = await projectWith(
    times.map((duration_ms, index) => ({ id: `d${index}`, atMs: NOON, duration_ms })),
  );
  const { total } = await ask(slug, "from=2026-11-10T00:00:00Z&to=2026-11-11T00:00:00Z");
  expectNear(total.p50_duration_ms, 250);
  expectNear(total.p95_duration_ms, 250);
});

test("percentiles are near the true ones, however calls are spread over cells", async () => {
  const slug = await projectWith(
    Array.from({ length: 1000 }, (_, n) => ({
      atMs: NOON + (n % 50) * 3_600_000,
      feature: `f${n % 7}`,
      duration_ms: (n + 1) * 3.7,
      time_to_first_token_ms: n === 0 ? 0 : null,
    })),
  );
  for (const query of ["", "group_by=feature", "interval=day&group_by=feature&limit=2"]) {
    const { total } = await ask(slug, query);
    expectNear(total.p50_duration_ms, 500 * 3.7);
    expectNear(total.p95_duration_ms, 950 * 3.7);
    expect(total).toMatchObject({ p50_ttft_ms: 0, p95_ttft_ms: 0 });
  }
});

test("an unknown cost is null and never 0, also beside steps that cost nothing", async () => {
  const slug = await projectWith([
    { atMs: NOON, cost_usd: null, cost_status: "unpriced" },
    { atMs: NOON, type: "agent", cost_usd: "0", cost_reason: "no_own_cost" },
    { atMs: NOON, feature: "free", cost_usd: "0" },
  ]);
  const answer = await ask(slug, "group_by=feature");
  expect(answer.rows.map((row) => [row.feature, row.cost_usd])).toEqual([
    ["free", "0"],
    ["search", null],
  ]);
  expect(answer.total.cost_usd).toBeNull();
});

test("sums are exact past 2^53, in dollars and in tokens", async () => {
  const slug = await projectWith(
    Array.from({ length: 3 }, () => ({
      atMs: NOON,
      cost_usd: "9007199254740993.000000000000001",
      input_tokens: 2 ** 50,
    })),
  );
  const { total } = await ask(slug, "");
  expect(total.cost_usd).toBe("27021597764222979.000000000000003");
  expect(total.input_tokens).toBe(3 * 2 ** 50);
});

test("repeats in any order and any batches change no total", async () => {
  const calls = fc.array(
    fc.record({
      id: fc.constantFrom("a", "b", "c", "d", "e", "f"),
      minute: fc.integer({ min: 0, max: 40 }),
      usd: fc.integer({ min: 0, max: 999 }),
      feature: fc.constantFrom("x", "y", ""),
    }),
    { minLength: 1, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(calls, fc.infiniteStream(fc.nat()), async (events, random) => {
      const facts = new Map(events.map((event) => [`${event.id}:${event.minute}`, event]));
      const sent = [...facts.values()].map((event, index) => ({
        id: `${event.id}-${event.minute}`,
        atMs: NOON + event.minute * 60_000,
        cost_usd: `${event.usd}.5`,
        feature: event.feature,
        ingestedAtUs: NOON * 1000 + index,
      }));
      const slug = await projectWith(sent);
      const before = await ask(slug, "group_by=feature&interval=hour");
      // Later copies with another cost: the same identity, so the first stays.
      const copies = sent.map((call) => ({
        ...call,
        cost_usd: "777",
        ingestedAtUs: call.ingestedAtUs + 5_000_000,
      }));
      const shuffled = [...sent, ...copies].sort(() => (random.next().value % 3) - 1);
      const half = Math.ceil(shuffled.length / 2);
      await insert(slug, shuffled.slice(0, half));
      await insert(slug, shuffled.slice(half));
      expect(await ask(slug, "group_by=feature&interval=hour")).toEqual(before);
      expect(before.total.calls).toBe(sent.length);
    }),
    { numRuns: propertyRuns(15) },
  );
});

test("a higher revision replaces a row, whenever it arrived", async () => {
  const slug = await projectWith([{ id: "r", atMs: NOON, cost_usd: "1" }]);
  await insert(slug, [{ id: "r", atMs: NOON, cost_usd: "2", revision: 1 }]);
  await insert(slug, [{ id: "r", atMs: NOON, cost_usd: "3", ingestedAtUs: 1 }]);
  expect((await ask(slug, "")).total.cost_usd).toBe("2");
});

test("total = rows + rest to the last digit, for any groups, interval, limit and filter", async () => {
  const tag = fc.constantFrom("", "a", "b", "c", "d'\\", "😀");
  const call = fc.record({
    atMs: fc.integer({ min: NOON - 20 * 86_400_000, max: NOON + 5 * 86_400_000 }),
    feature: tag,
    user: tag,
    team: tag,
    usd: fc.option(fc.bigInt({ min: 0n, max: 10n ** 20n })),
    type: fc.constantFrom("llm" as const, "tool" as const),
    ttft: fc.option(fc.integer({ min: 1, max: 5000 })),
  });
  const calls = await fc.sample(call, { numRuns: 400, seed: 7 });
  const slug = await projectWith(
    calls.map(({ usd, team, ttft, ...rest }) => ({
      ...rest,
      cost_usd:
        usd === null
          ? null
          : `${usd / 10n ** 15n}.${(usd % 10n ** 15n).toString().padStart(15, "0")}`,
      metadata: team === "" ? {} : { team },
      time_to_first_token_ms: ttft,
      duration_ms: ttft,
    })),
  );
  const question = fc.record({
    groups: fc.subarray(["feature", "user", "metadata.team", "type"], { maxLength: 3 }),
    interval: fc.constantFrom("total", "month", "week", "day", "hour"),
    limit: fc.integer({ min: 1, max: 30 }),
    filter: fc.constantFrom(
      "",
      "&filter.feature=",
      "&filter.user=a&filter.user=b",
      "&filter.metadata.team=c",
    ),
    zone: fc.constantFrom("UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham"),
    from: fc.constantFrom("2026-10-20T00:00:00Z", "2026-11-01T07:11:13.000017Z"),
  });
  await fc.assert(
    fc.asyncProperty(question, async ({ groups, interval, limit, filter, zone, from }) => {
      const range = `from=${from}&to=2026-11-16T00:00:00Z&tz=${zone}${filter}`;
      const answer = await ask(
        slug,
        `${range}&interval=${interval}&limit=${limit}&group_by=${groups.join(",")}`,
      );
      const plain = await ask(slug, range);
      expect(answer.total).toEqual(plain.total);
      const parts = [...answer.rows, ...(answer.rest ? [answer.rest] : [])];
      expect(sumUsd(parts)).toBe(femto(answer.total.cost_usd));
      for (const figure of ["calls", "errors", "input_tokens", "output_tokens", "unpriced_calls"]) {
        expect(sumOf(parts, figure)).toBe(answer.total[figure as "calls"]);
      }
      const kept = new Set(
        answer.rows.map((row) => JSON.stringify(groups.map((name) => row[name]))),
      );
      expect(kept.size).toBeLessThanOrEqual(limit);
    }),
    { numRuns: propertyRuns(60) },
  );
});

test("the rest has percentiles of its own, and any merge gives the total's", async () => {
  const slug = await projectWith(
    Array.from({ length: 100 }, (_, n) => ({
      atMs: NOON + n * 3_600_000,
      feature: n === 0 ? "dear" : `f${n}`,
      cost_usd: n === 0 ? "5" : "0",
      duration_ms: n === 0 ? 1 : 2000,
    })),
  );
  const answer = await ask(slug, "group_by=feature&limit=1");
  expect(answer.rows).toHaveLength(1);
  expectNear(answer.rest?.p50_duration_ms, 2000);
  expectNear(answer.rest?.p95_duration_ms, 2000);
  const byDay = await ask(slug, "group_by=feature&interval=day");
  expect(byDay.total).toEqual(answer.total);
});

test("more groups than one pass makes cells of are answered as few are: the dearest, and a rest that ties", async () => {
  const dear = [5_999, 17, 4_000];
  const slug = await projectWith(
    Array.from({ length: 6_000 }, (_, n) => ({
      id: `many-${n}`,
      atMs: NOON + (n % 3) * 86_400_000,
      task: `t${n}`,
      cost_usd: dear.includes(n) ? `${10 - dear.indexOf(n)}` : "0.001",
      duration_ms: 100 + (n % 5),
    })),
  );
  for (const interval of ["day", "total"]) {
    const answer = await ask(slug, `group_by=task&limit=3&interval=${interval}`);
    const tasks = answer.rows.map((row) => row.task);
    expect(new Set(tasks)).toEqual(new Set(["t5999", "t17", "t4000"]));
    if (interval === "total") expect(tasks).toEqual(["t5999", "t17", "t4000"]);
    expect(answer.total).toMatchObject({ calls: 6_000, cost_usd: "32.997" });
    expect(answer.rest).toMatchObject({ calls: 5_997, cost_usd: "5.997" });
    expectNear(answer.rest?.p50_duration_ms, 102);
    expect(answer.rows.map((row) => row.p50_duration_ms)).not.toContain(null);
  }
});

test("untagged is a group and a filter of its own, beside others", async () => {
  const slug = await projectWith([
    { atMs: NOON, feature: "", cost_usd: "1" },
    { atMs: NOON, feature: "x", cost_usd: "2" },
    { atMs: NOON, feature: "y", cost_usd: "4" },
    { atMs: NOON, feature: "y", attempt: 2, metadata: { "a.b": "c" }, cost_usd: "8" },
  ]);
  const total = async (query: string) => (await ask(slug, query)).total.cost_usd;
  expect(await total("filter.feature=")).toBe("1");
  expect(await total("filter.feature=&filter.feature=x")).toBe("3");
  expect(await total("filter.attempt=")).toBe("7");
  expect(await total("filter.attempt=2")).toBe("8");
  expect(await total("filter.metadata.a.b=c&filter.feature=y")).toBe("8");
  expect(await total("filter.metadata.a.b=")).toBe("7");
  const rows = (await ask(slug, "group_by=attempt,metadata.a.b")).rows;
  expect(rows.map((row) => [row.attempt, row["metadata.a.b"]])).toEqual([
    [2, "c"],
    [null, null],
  ]);
});

test("projects are named by slug, and a filter reaches none that may not be read", async () => {
  const one = await projectWith([{ atMs: NOON, cost_usd: "1" }]);
  const two = await projectWith([{ atMs: NOON, cost_usd: "2" }]);
  const both = await ask([one, two], "group_by=project");
  expect(both.rows.map((row) => [row.project, row.cost_usd])).toEqual([
    [two, "2"],
    [one, "1"],
  ]);
  expect((await ask([one, two], `filter.project=${one}`)).total.cost_usd).toBe("1");
  expect((await ask(one, `filter.project=${two}`)).total.cost_usd).toBe("0");
  expect((await ask([], "group_by=project")).rows).toEqual([]);
});

test("as_of leaves out what arrived later", async () => {
  const slug = await projectWith([
    { atMs: NOON, cost_usd: "1", ingestedAtUs: at("2026-11-10T13:00:00Z") * 1000 },
    { atMs: NOON, cost_usd: "2", ingestedAtUs: at("2026-11-10T14:00:00Z") * 1000 },
  ]);
  expect((await ask(slug, "as_of=2026-11-10T13:00:00Z")).total.cost_usd).toBe("1");
});

test("an attack through a dimension, a filter or a key is a fault or a value, never SQL", async () => {
  const slug = await projectWith([{ atMs: NOON, cost_usd: "1" }]);
  const attack = "x'] = '' OR 1=1; DROP TABLE llm_calls; --{projectIds:String}`\\";
  const text = encodeURIComponent(attack);
  await expect(ask(slug, `group_by=${text}`)).rejects.toMatchObject({ code: "bad_request" });
  await expect(ask(slug, `filter.${text}=1`)).rejects.toMatchObject({ code: "bad_request" });
  expect((await ask(slug, `filter.feature=${text}`)).total.calls).toBe(0);
  expect((await ask(slug, `filter.metadata.${text}=${text}`)).total.calls).toBe(0);
  expect((await ask(slug, `group_by=metadata.${text.replaceAll(",", "")}`)).total.calls).toBe(1);
});

test("what is unknown, empty or too much is refused by name", async () => {
  const errorsOf = (query: string) =>
    ask("nobody", query).then(
      () => "accepted",
      (error) => error.errors.map((fault: { path: string }) => fault.path).join(","),
    );
  expect(await errorsOf("colour=red")).toBe("colour");
  expect(await errorsOf("filter.colour=red")).toBe("filter.colour");
  expect(await errorsOf("filter.metadata.=red")).toBe("filter.metadata.");
  expect(await errorsOf("group_by=trace_id")).toBe("group_by");
  expect(await errorsOf("group_by=model,agent,user,feature")).toBe("group_by");
  expect(await errorsOf("tz=Mars/Olympus")).toBe("tz");
  expect(await errorsOf("tz=%2B05:00")).toBe("tz");
  expect(await errorsOf("interval=decade")).toBe("interval");
  expect(await errorsOf("from=yesterday")).toBe("from");
  expect(await errorsOf("from=2026-11-02T00:00:00Z&to=2026-11-02T00:00:00Z")).toBe("from");
  expect(await errorsOf("limit=1001")).toBe("limit");
  expect(await errorsOf("figures=profit")).toBe("figures");
  expect(await errorsOf("interval=15m&from=2026-01-01T00:00:00Z")).toBe("interval");
  expect(await errorsOf("from=2026-11-01T00:00:00 01:00&filter.trace_id=x")).toBe("accepted");
});

test("asked for some figures, only those are answered", async () => {
  const slug = await projectWith([{ atMs: NOON, cost_usd: "1" }]);
  const answer = await ask(slug, "figures=cost_usd,calls&group_by=feature");
  expect(answer.total).toEqual({ cost_usd: "1", calls: 1 });
  expect(Object.keys(answer.rows[0] ?? {}).sort()).toEqual([
    "bucket",
    "calls",
    "cost_usd",
    "feature",
  ]);
});

test("a removed project's calls are gone, and no others", async () => {
  const [gone, stays] = [await projectWith([{ atMs: NOON }]), await projectWith([{ atMs: NOON }])];
  await deleteProjectCalls(clickhouse, `id-${gone}`);
  expect((await ask(gone, "")).total.calls).toBe(0);
  expect((await ask(stays, "")).total.calls).toBe(1);
});
