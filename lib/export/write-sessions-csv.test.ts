import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { exportQuerySchema } from "@/lib/export/export-schemas";
import { SESSION_COLUMNS } from "@/lib/export/session-columns";
import { writeSessionsCsv } from "@/lib/export/write-sessions-csv";
import { parseQuery, readQuery } from "@/lib/request-input";
import { listSessions } from "@/lib/sessions/list-sessions";
import { sessionSchema } from "@/lib/sessions/session-schemas";
import { parseCsv, unguard } from "@/lib/testing/parse-csv";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
const NOW = Date.parse("2026-11-22T00:00:00Z");
const NOON = Date.parse("2026-11-10T12:00:00Z");

beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

async function insert(slug: string, calls: readonly CallRowOptions[]): Promise<void> {
  const rows = calls.map((call) => makeCallRow({ ...call, project_id: `id-${slug}` }));
  await store.clickhouse.insertLines("llm_calls", toLines(rows));
}

function contextOf(slug: string, sealedBefore: Date | null = null) {
  return {
    clickhouse: store.clickhouse,
    projects: [{ id: `id-${slug}`, slug, sealedBefore }],
    cursorSecret: "a secret",
    momentUs: NOW * 1000,
    nowMs: NOW,
  };
}

function questionOf(query: string) {
  const url = new URL(`http://x/?format=csv&of=sessions&${query}`);
  const read = parseQuery(exportQuerySchema, readQuery(url));
  if (read.of !== "sessions") throw new Error("not of sessions");
  return read.question;
}

async function exportOf(slug: string, query: string, size?: number, sealedBefore?: Date) {
  let text = "";
  const context = contextOf(slug, sealedBefore ?? null);
  for await (const line of writeSessionsCsv(context, questionOf(query), size)) text += line;
  return parseCsv(text);
}

test("a file has every session of the list, once, dearest first, digit for digit, for any page and filter", async () => {
  const calls = fc.sample(
    fc.record({
      atMs: fc.integer({ min: NOON, max: NOON + 3 * 3_600_000 }),
      session: fc.constantFrom("", "a", "=b", "c,d", "ü"),
      trace_id: fc.constantFrom("", "t1", "t2", "t3"),
      feature: fc.constantFrom("", "f"),
      attempt: fc.constantFrom(0, 1, 2),
      cost_usd: fc.option(fc.constantFrom("0", "0.000000000000001", "12.5")),
      ingestedAtUs: fc.constant((NOON + 10 * 3_600_000) * 1000),
    }),
    { numRuns: 60, seed: 5 },
  );
  await insert(
    "list",
    calls.map((call, n) => ({ ...call, id: `c${n}` })),
  );
  for (const query of ["", "filter.feature=f", "filter.feature=none"]) {
    const asked = { ...questionOf(query), limit: 1000 };
    const { sessions } = await listSessions({ ...contextOf("list"), freshness: null }, asked);
    for (const size of [2, 1000]) {
      const { rows } = await exportOf("list", query, size);
      expect(rows).toHaveLength(sessions.length);
      for (const [n, session] of sessions.entries()) {
        const row = rows[n] ?? {};
        expect(unguard(row.session ?? "")).toBe(session.session ?? "");
        const { trace_id, cost_usd, retries, started_at, output_tokens } = session;
        expect(row).toMatchObject({
          trace_id: trace_id ?? "",
          cost_usd: cost_usd ?? "",
          retries: String(retries),
          started_at,
          output_tokens: output_tokens === null ? "" : String(output_tokens),
        });
      }
    }
  }
});

test("every field of a listed session has its column", () => {
  const names = SESSION_COLUMNS.map(({ name }) => name);
  expect([...names].sort()).toEqual(Object.keys(sessionSchema.shape).sort());
});

test("a range of which calls expired is refused by name: the rest would look like all of it", async () => {
  await insert("sealed", [{ atMs: NOON, session: "s" }]);
  const sealed = new Date("2026-11-05T00:00:00Z");
  const early = "from=2026-11-01T00:00:00Z";
  await expect(exportOf("sealed", early, 5, sealed)).rejects.toMatchObject({
    errors: [{ path: "from", message: expect.stringContaining("2026-11-05T00:00:00+00:00") }],
  });
  const { rows } = await exportOf("sealed", "from=2026-11-05T00:00:00Z", 5, sealed);
  expect(rows).toMatchObject([{ session: "s" }]);
});
