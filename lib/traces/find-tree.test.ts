import { afterAll, beforeAll, expect, test } from "vitest";
import { toBucket, toDateTimeText, toVersion } from "@/db/clickhouse/llm-call-row";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { formatUsd, parseUsd } from "@/lib/money";
import { parseQuery, readQuery } from "@/lib/request-input";
import { listSessions } from "@/lib/sessions/list-sessions";
import { sessionsQuerySchema } from "@/lib/sessions/session-schemas";
import { findTree } from "@/lib/traces/find-tree";
import { makeSpan } from "@/lib/traces/testing/make-tree-input";
import { sessionTreeSchema } from "@/lib/traces/trace-schemas";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
const NOON = Date.UTC(2026, 10, 21, 12);
const NOW = Date.parse("2026-11-22T00:00:00Z");
const ONE = { id: "one", slug: "one-slug" };
const TWO = { id: "two", slug: "two-slug" };
const ODD = "a/b?c=%2F 'é\\😀";

beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

type Call = Omit<CallRowOptions, "atMs"> & { at: number };
async function write(projectId: string, calls: readonly Call[]): Promise<void> {
  const rows = calls.map(({ at, ...call }) =>
    makeCallRow({ ...call, atMs: NOON + at * 1000, project_id: projectId }),
  );
  await store.clickhouse.insertLines("llm_calls", toLines(rows));
}

async function writeSpans(projectId: string, spans: readonly ReturnType<typeof makeSpan>[]) {
  const lines = spans.map((span) =>
    JSON.stringify({
      project_id: projectId,
      bucket: toBucket(span.startUs),
      trace_id: span.traceId,
      span_id: span.spanId,
      ts: toDateTimeText(span.startUs),
      version: toVersion(0, NOON * 1000),
      ingested_at: toDateTimeText(NOON * 1000),
      kind: span.kind,
      session: span.tags.session ?? "",
      facts: JSON.stringify(span),
    }),
  );
  await store.clickhouse.insertLines("trace_spans", lines.map((line) => `${line}\n`).join(""));
}

const contextOf = (projects: readonly { id: string; slug: string; sealedBefore?: Date }[]) => ({
  ...{ clickhouse: store.clickhouse, projects, freshness: null, nowMs: NOW },
});
async function sessionOf(id: string, projects = [ONE, TWO], limit = 10_000, as_of?: number) {
  const subjects = [
    { kind: "session" as const, id },
    { kind: "sessionless_trace" as const, id },
  ];
  const query = as_of === undefined ? { limit } : { limit, as_of };
  return sessionTreeSchema.parse(await findTree(contextOf(projects), subjects, query));
}
const traceOf = (id: string, projects = [ONE, TWO]) =>
  findTree(contextOf(projects), [{ kind: "trace", id }], { limit: 10_000 });
async function listed(project: typeof ONE) {
  const url = new URL("http://x/?from=2026-01-01T00:00:00Z");
  const query = parseQuery(sessionsQuerySchema, readQuery(url));
  const context = { ...contextOf([project]), cursorSecret: "a secret" };
  return (await listSessions(context, query)).sessions;
}
const price = JSON.stringify({
  version: "v",
  source: "overlay",
  matched: "gpt-5",
  lines: [
    { class: "input", units: "100", usd_per_unit: "10", unit_count: 1_000_000, usd: "0.001" },
    { class: "cache_read", units: "900", usd_per_unit: "1", unit_count: 1_000_000, usd: "0.0009" },
  ],
});

test("the head of each tree is what the list of sessions says, and its steps add up to it", async () => {
  const inTrace = { trace_id: "t1", session: ODD };
  await write(ONE.id, [
    { id: "run", at: 0, type: "agent", span_id: "run", ...inTrace, cost_usd: "0", agent: "lead" },
    { id: "1", at: 1, span_id: "1", parent_span_id: "run", ...inTrace, cost_usd: "0.1", price },
    { id: "2", at: 2, parent_span_id: "1", ...inTrace, cost_usd: null, duration_ms: 1500.5 },
    { id: "3", at: 3, trace_id: "t2", session: ODD, cost_usd: "0.2", status: "error", attempt: 2 },
    { id: "4", at: 3.5, session: ODD, type: "tool", cost_usd: "0.000000000000001" },
    { id: "5", at: 4, ...inTrace, counted: false, linked_id: "1", cost_usd: "9" },
    { id: "6", at: 5, trace_id: "t1", cost_usd: "7" },
    { id: "7", at: 30_000, trace_id: ODD, cost_usd: "3" },
  ]);
  const sessions = await listed(ONE);
  expect(sessions).toHaveLength(3);
  for (const session of sessions) {
    const tree = await sessionOf(session.session ?? session.trace_id ?? "", [ONE]);
    // One of the name of a trace is the session of that name.
    if (session.trace_id === ODD) continue;
    expect(tree.session).toEqual(session);
    const own = tree.nodes.reduce((sum, node) => sum + (parseUsd(node.cost_usd ?? "0") ?? 0n), 0n);
    expect(formatUsd(own)).toBe(session.cost_usd);
    expect(tree.nodes.filter(({ counted }) => counted)).toHaveLength(session.steps);
  }
  const tree = await sessionOf(ODD);
  expect(tree.traces.map(({ trace_id }) => trace_id)).toEqual(["t1", "t2", null]);
  expect(tree).toMatchObject({ trace_count: 3, cache_saving_usd: "0.0081", expired_before: null });
  expect(tree.nodes.map(({ depth, call_id }) => [depth, call_id])).toEqual([
    [0, "run"],
    [1, "1"],
    [2, "2"],
    [0, "3"],
    [0, "4"],
  ]);
  expect(tree.nodes[1]).toMatchObject({
    repeat_count: 1,
    total_cost_usd: "0.1",
    is_at_least: true,
  });
  const trace = await traceOf("t1");
  expect(trace.session).toMatchObject({ session: null, trace_id: "t1", cost_usd: "7.1", steps: 4 });
  expect((await traceOf("t2")).session).toMatchObject({ session: ODD, cost_usd: "0.2" });
});

test("spans stand between the events they are around, of the session alone", async () => {
  const tags = { agent: null, session: null };
  const ofSpan = (span_id: string, session: string) => ({
    ...{ id: `otlp:s1:${span_id}`, trace_id: "s1", span_id, session, parent_span_id: "turn" },
  });
  await write(TWO.id, [
    { at: 2, ...ofSpan("aa", "mine"), cost_usd: "1", agent: "" },
    { at: 3, ...ofSpan("bb", "theirs"), cost_usd: "2" },
  ]);
  await writeSpans(TWO.id, [
    makeSpan({ traceId: "s1", spanId: "root", at: -90_000, kind: "other" }),
    makeSpan({
      traceId: "s1",
      spanId: "root2",
      at: -9,
      kind: "agent",
      tags: { ...tags, agent: "bot" },
    }),
    makeSpan({ traceId: "s1", spanId: "turn", at: 1, parentSpanId: "http" }),
    makeSpan({ traceId: "s1", spanId: "http", at: 1, kind: "other", parentSpanId: "root2" }),
    makeSpan({ traceId: "s1", spanId: "bb", at: 3, kind: "llm", parentSpanId: "turn" }),
    makeSpan({
      traceId: "s1",
      spanId: "cc",
      at: 4,
      parentSpanId: "bb",
      tags: { ...tags, session: "theirs" },
    }),
    makeSpan({ traceId: "s9", spanId: "x", at: 4 }),
  ]);
  const tree = await sessionOf("mine");
  expect(
    tree.nodes.map(({ depth, kind, agent, total_cost_usd: total }) => [depth, kind, agent, total]),
  ).toEqual([
    [0, "agent", "bot", "1"],
    [1, "step", "bot", "1"],
    [2, "llm", "bot", "1"],
  ]);
  expect((await traceOf("s1")).nodes.map(({ depth }) => depth)).toEqual([0, 1, 2, 2, 3]);
});

test("a name that several projects have is asked for, and what is not there is not found", async () => {
  for (const project of [ONE, TWO]) {
    await write(project.id, [{ at: 1, session: "shared", cost_usd: "1" }]);
  }
  const refused = { code: "bad_request", errors: [{ path: "project" }] };
  await expect(sessionOf("shared")).rejects.toMatchObject(refused);
  expect((await sessionOf("shared", [TWO])).session.project).toBe(TWO.slug);
  await expect(sessionOf("nobody")).rejects.toMatchObject({ code: "not_found" });
  await expect(sessionOf("mine", [ONE])).rejects.toMatchObject({ code: "not_found" });
  await expect(traceOf("shared")).rejects.toMatchObject({ code: "not_found" });
});

test("a tree as of a moment has what had arrived by then, and says where calls before may have expired", async () => {
  const early = (NOON + 1_000) * 1000;
  await write(ONE.id, [
    { id: "a", at: 1, session: "grows", cost_usd: "1", ingestedAtUs: early },
    { id: "b", at: 2, session: "grows", cost_usd: "2", ingestedAtUs: early + 10 },
  ]);
  expect((await sessionOf("grows")).session.cost_usd).toBe("3");
  const then = await sessionOf("grows", [ONE], 10_000, early);
  expect([then.session.cost_usd, then.node_count]).toEqual(["1", 1]);
  await expect(sessionOf("grows", [ONE], 10_000, early - 1)).rejects.toMatchObject({
    code: "not_found",
  });
  const sealedBefore = new Date("2026-11-21T00:00:00Z");
  expect((await sessionOf("grows", [{ ...ONE, sealedBefore } as typeof ONE])).expired_before).toBe(
    sealedBefore.toISOString(),
  );
});
