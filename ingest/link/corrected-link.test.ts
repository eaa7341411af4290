import { afterAll, beforeAll, expect, test } from "vitest";
import { llmSpan, otlpRequest, type TestSpan } from "@/ingest/otlp/testing/otlp-request";
import { correctAtOnce } from "@/ingest/testing/correct-at-once";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { rebuildAllRollups } from "@/ingest/testing/rebuild-all-rollups";
import { readDays } from "@/lib/integrity/read-days";
import { parseQuery, readQuery } from "@/lib/request-input";
import { listSessions } from "@/lib/sessions/list-sessions";
import { sessionsQuerySchema } from "@/lib/sessions/session-schemas";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

const DAY = Date.UTC(2026, 10, 20);
const AT = DAY + 36_000_000;
const hex = (text: string, length: number) => text.padStart(length, "0");
const idOf = (trace: string, span: string) => `otlp:${hex(trace, 32)}:${hex(span, 16)}`;

async function send(...spans: TestSpan[]): Promise<void> {
  const { status } = await ingest.post(otlpRequest(spans), { path: "/v1/traces" });
  expect(status).toBe(200);
  await ingest.spans.linked();
}

async function callsOf(trace: string) {
  const rows = await ingest.rows(`trace_id = '${hex(trace, 32)}'`);
  return rows.map(({ id, session, counted, cost_usd }) => ({ id, session, counted, cost_usd }));
}

/** Calls, rollups and counters of the day, as Integrity compares them. */
async function expectClean(): Promise<void> {
  await Promise.all([ingest.calls.drained(), ingest.counters.counted()]);
  await rebuildAllRollups(ingest);
  const stores = { clickhouse: ingest.clickhouse, db: ingest.postgres.db };
  const [day] = await readDays(stores, ingest.projectIds.default, [DAY / 1000], Date.now());
  expect(day).toMatchObject({ faults: [], difference: 0n, dirtyClosed: 0, isMoving: false });
  expect(day?.rollups).not.toBeNull();
  expect(day?.counters).not.toBeNull();
}

/** The call as it comes, by the price list; and by what it reports itself, once that is trusted. */
const LISTED = "0.0026";
const REPORTED = "0.5";

test.each([
  ["void", { counted: false, cost_usd: LISTED }],
  ["restore", { counted: true, cost_usd: LISTED }],
  ["reprice", { counted: true, cost_usd: REPORTED }],
] as const)(
  "a %s stands, whether more of the call's trace comes before or after it, and counters move right",
  async (kind, stands) => {
    for (const [trace, isFirst] of [
      [`${kind.length}d1`, true],
      [`${kind.length}d2`, false],
    ] as const) {
      const correct = async () => {
        const filter = { dimension: "id", value: idOf(trace, "2") };
        if (kind === "restore") await correctAtOnce(ingest, "void", filter);
        await ingest.changeProject({ trustsReportedCost: kind === "reprice" });
        await correctAtOnce(ingest, kind, filter);
        await ingest.changeProject({ trustsReportedCost: false });
      };
      const cost = { "gen_ai.usage.cost": REPORTED };
      const inner = { trace, span: "2", parent: "1", atMs: AT + 10, attributes: cost };
      await send(llmSpan(inner, { input: 1000, output: 10 }));
      if (isFirst) await correct();
      // It brings a session, and reports what the call reports and as much again, and a twin of the call comes with it.
      const attributes = { "gen_ai.conversation.id": trace, "user.id": "ada" };
      await send(
        llmSpan(
          { trace, span: "1", atMs: AT, endMs: AT + 500, attributes },
          { input: 2000, output: 20 },
        ),
      );
      if (!isFirst) await correct();
      // Linked once more.
      await send({ trace, span: "3", parent: "1", atMs: AT + 400 });
      const [outer, rest, call, ...others] = await callsOf(trace);
      expect(outer).toMatchObject({ id: idOf(trace, "1"), counted: false });
      expect(rest).toMatchObject({ session: trace, counted: true, cost_usd: LISTED });
      expect(call).toEqual({ id: idOf(trace, "2"), session: trace, ...stands });
      expect(others).toEqual([]);
    }
    await expectClean();
  },
);

test("a call that was voided stays uncounted when it is told again, by an event of its place or a twin that says more, and one that was restored counts once", async () => {
  const decide = async (trace: string, kind: "void" | "restore") => {
    const filter = { dimension: "id", value: idOf(trace, "1") };
    await correctAtOnce(ingest, "void", filter);
    if (kind === "restore") await correctAtOnce(ingest, "restore", filter);
  };
  const usage = { input: 1000, output: 10 };
  const eventOf = (trace: string) => ({
    id: `event-${trace}`,
    timestamp: new Date(AT).toISOString(),
    provider: "openai",
    model: "gpt-4o",
    trace_id: hex(trace, 32),
    span_id: hex("1", 16),
    usage: { input_tokens: 1000, output_tokens: 10 },
  });
  for (const kind of ["void", "restore"] as const) {
    const [told, other] = [`${kind.length}f1`, `${kind.length}f2`];
    const id = `chatcmpl-${kind}`;
    for (const trace of [told, other]) {
      await send(llmSpan({ trace, span: "1", atMs: AT }, { ...usage, id: `${id}-${trace}` }));
      await decide(trace, kind);
    }
    // The same call as the SDK tells it, twice; and another instrumentation's span, which knows what was cached.
    for (let times = 0; times < 2; times += 1) {
      expect((await ingest.post({ events: [eventOf(told)] })).status).toBe(202);
      await ingest.spans.linked();
    }
    const attributes = { "gen_ai.usage.cache_read.input_tokens": 500 };
    const twin = { trace: `${other}a`, span: "2", scope: "other", atMs: AT, attributes };
    await send(llmSpan(twin, { ...usage, id: `${id}-${other}` }));
    const counted = kind === "restore";
    const reason = `a person ${counted ? "restored" : "voided"} this call`;
    for (const [trace, again] of [
      [told, `event-${told}`],
      [other, idOf(`${other}a`, "2")],
    ] as const) {
      const [one] = await ingest.rows(`id = '${again}'`);
      expect(one, again).toMatchObject({
        counted: false,
        linked_id: idOf(trace, "1"),
        revision: 1,
      });
      expect(one).toMatchObject({ revision_kind: "link" });
      expect(one?.revision_reason).toContain(reason);
      expect(await callsOf(trace)).toContainEqual(
        expect.objectContaining({ id: idOf(trace, "1"), counted }),
      );
    }
  }
  await expectClean();
});

test("a call whose session comes late is listed under that session alone, with every dollar, and an earlier moment keeps its own", async () => {
  const list = async (asOf = "") => {
    const { other } = ingest.projectIds;
    const { calls, clickhouse } = ingest;
    await calls.drained();
    const context = {
      clickhouse,
      projects: [{ id: other, slug: "other", sealedBefore: null }],
      freshness: null,
      cursorSecret: "a secret of a test",
      nowMs: Date.now(),
    };
    const range = `from=${new Date(DAY).toISOString()}&to=${new Date(DAY + 86_400_000).toISOString()}`;
    const query = readQuery(new URL(`http://x/?${range}${asOf}`));
    const { sessions } = await listSessions(context, parseQuery(sessionsQuerySchema, query));
    return sessions.map(({ session, trace_id, calls, cost_usd, steps }) => {
      return { session, trace_id, calls, cost_usd, steps };
    });
  };
  const key = await ingest.makeKey({ project: "other" });
  const sendOther = async (...spans: TestSpan[]) => {
    await ingest.post(otlpRequest(spans), { path: "/v1/traces", key });
    await ingest.spans.linked();
  };
  const trace = "e1";
  const child = (span: string, atMs: number) =>
    llmSpan({ trace, span, parent: "1", atMs }, { input: 1000, output: 10 });
  // Two hours apart, so that the session has several rows of the day's hours, too.
  await sendOther(child("2", AT + 10), child("3", AT + 7_200_000));
  await ingest.calls.drained();
  await rebuildAllRollups(ingest);
  const nameless = { session: null, trace_id: hex(trace, 32), calls: 2, cost_usd: "0.0052" };
  expect(await list()).toMatchObject([nameless]);
  const before = `&as_of=${new Date().toISOString()}`;
  const attributes = { "gen_ai.conversation.id": "late" };
  await sendOther({ trace, span: "1", atMs: AT, endMs: AT + 7_300_000, attributes });
  const named = { session: "late", calls: 2, cost_usd: "0.0052" };
  for (const isRebuilt of [false, true]) {
    if (isRebuilt) await rebuildAllRollups(ingest);
    const now = await list();
    expect(now).toMatchObject([named]);
    expect(now).toHaveLength(1);
    // Tags are as they are known now, dollars as they were.
    expect(await list(before)).toMatchObject([named]);
  }
});
