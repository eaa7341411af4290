import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { parseQuery, readQuery } from "@/lib/request-input";
import { listSessions } from "@/lib/sessions/list-sessions";
import { sessionsAnswerSchema, sessionsQuerySchema } from "@/lib/sessions/session-schemas";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
const NOW = Date.parse("2026-11-22T00:00:00Z");
const SEALED = "2026-11-11T00:00:00.000Z";

beforeAll(async () => {
  store = await openTestClickHouse();
  const calls = [
    { atMs: Date.parse("2026-11-10T23:59:59.999Z"), session: "gone", cost_usd: "9" },
    // Of a session that began before: only what is kept is listed, and summed.
    { atMs: Date.parse("2026-11-10T23:00:00Z"), session: "half", cost_usd: "4" },
    { atMs: Date.parse(SEALED), session: "half", cost_usd: "0.5" },
    { atMs: Date.parse("2026-11-12T00:00:00Z"), session: "kept", cost_usd: "0.25" },
  ];
  const rows = calls.map((call) => makeCallRow({ ...call, project_id: "id-expiring" }));
  await store.clickhouse.insertLines("llm_calls", toLines(rows));
});
afterAll(() => store.close());

async function list(query: string, sealedBefore: Date | null = new Date(SEALED)) {
  const parsed = parseQuery(sessionsQuerySchema, readQuery(new URL(`http://x/?${query}`)));
  const context = {
    clickhouse: store.clickhouse,
    projects: [
      { id: "id-expiring", slug: "expiring", sealedBefore },
      { id: "id-other", slug: "other", sealedBefore: null },
    ],
    freshness: { events: 0, freshToMs: NOW },
    cursorSecret: "a secret",
    nowMs: NOW,
  };
  return sessionsAnswerSchema.parse(await listSessions(context, parsed));
}

const namesOf = ({ sessions }: Awaited<ReturnType<typeof list>>) =>
  sessions.map(({ session, cost_usd }) => `${session} ${cost_usd}`);

test("of a range that reaches what expired the kept sessions are listed, and the answer says from when on", async () => {
  const answer = await list("from=2026-11-01T00:00:00Z");
  expect(namesOf(answer)).toEqual(["half 0.5", "kept 0.25"]);
  expect(answer.expired_before).toBe(SEALED);
  const pages = await list("from=2026-11-01T00:00:00Z&limit=1");
  const next = await list(`from=2026-11-01T00:00:00Z&limit=1&cursor=${pages.next_cursor}`);
  expect(namesOf(next)).toEqual(["kept 0.25"]);
  expect(next.expired_before).toBe(SEALED);
});

test("a range in which everything expired has no session, and says so", async () => {
  const query = "from=2026-11-01T00:00:00Z&to=2026-11-11T00:00:00Z";
  expect(await list(query)).toMatchObject({
    sessions: [],
    next_cursor: null,
    expired_before: SEALED,
  });
});

test("where nothing of the range expired, nothing is said to have", async () => {
  expect((await list(`from=${SEALED}`)).expired_before).toBeNull();
  const elsewhere = await list("from=2026-11-01T00:00:00Z&filter.project=other");
  expect(elsewhere.expired_before).toBeNull();
  expect(namesOf(await list("from=2026-11-01T00:00:00Z", null))[0]).toBe("gone 9");
});

test("pages after one of which more expired meanwhile are refused", async () => {
  const query = "from=2026-11-01T00:00:00Z&limit=1";
  const { next_cursor } = await list(query);
  const later = new Date("2026-11-12T00:00:00Z");
  await expect(list(`${query}&cursor=${next_cursor}`, later)).rejects.toMatchObject({
    code: "bad_request",
  });
});
