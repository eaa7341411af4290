import { afterEach, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { QueryFailedError } from "@/db/clickhouse/store-errors";
import { listLinkBatches } from "@/db/queries/link-batches";
import { llmSpan, otlpRequest, type TestSpan } from "@/ingest/otlp/testing/otlp-request";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { countersOf, sumsOf } from "@/lib/corrections/testing/open-test-corrections";

let ingest: TestIngest | null = null;
afterEach(async () => {
  await ingest?.close();
  ingest = null;
});

const AT = Date.UTC(2026, 10, 20, 10);
const TRACES = ["f1", "f2", "f3"];

/** A calls store that can be out of reach. */
function away() {
  let isAway = false;
  const guard =
    <Args extends unknown[], Result>(ask: (...args: Args) => Promise<Result>) =>
    async (...args: Args) => {
      if (isAway) throw new QueryFailedError(Object.assign(new Error(), { code: "ECONNREFUSED" }));
      return ask(...args);
    };
  return {
    watch: (store: ClickHouse): ClickHouse => ({
      ...store,
      kind: store.kind,
      query: guard((...args: Parameters<ClickHouse["query"]>) => store.query(...args)),
      insertLines: guard((...args: Parameters<ClickHouse["insertLines"]>) =>
        store.insertLines(...args),
      ),
      command: guard((...args: Parameters<ClickHouse["command"]>) => store.command(...args)),
      ping: async () => !isAway && (await store.ping()),
      close: () => store.close(),
    }),
    set: (value: boolean) => {
      isAway = value;
    },
  };
}

async function send(to: TestIngest, spans: TestSpan[]) {
  const { status } = await to.post(otlpRequest(spans), { path: "/v1/traces" });
  expect(status).toBe(200);
}

/** Of each trace two calls, and an outer span with a session that reports both and as much again. */
const inner = (trace: string, span: string) =>
  llmSpan({ trace, span, parent: "1", atMs: AT + 10 * Number(span) }, { input: 1000, output: 10 });
const outer = (trace: string) =>
  llmSpan(
    { trace, span: "1", atMs: AT, endMs: AT + 500, attributes: { "session.id": trace } },
    { input: 4000, output: 40 },
  );

async function expectAllOnce(it: TestIngest) {
  await it.spans.linked();
  await Promise.all([it.calls.drained(), it.counters.counted()]);
  const rows = await it.rows("counted");
  expect(rows.map(({ session, cost_usd }) => [session, cost_usd]).sort()).toEqual(
    TRACES.flatMap((trace) => [
      [trace, "0.0026"],
      [trace, "0.0026"],
      [trace, "0.0052"],
    ]),
  );
  const spans = await it.clickhouse.query("SELECT span_id FROM trace_spans FINAL");
  expect(spans).toHaveLength(9);
  const project = { id: it.projectIds.default };
  const sums = await sumsOf(it.clickhouse, project);
  expect(sums).toEqual({ events: 9, costUsd: "0.0312", unknownCosts: 0 });
  expect(await countersOf(it.postgres.db, project)).toEqual(sums);
  expect(await listLinkBatches(it.postgres.db)).toEqual([]);
}

test("spans that come while ClickHouse is away are linked when it is back, in the same process or after it ended, once", async () => {
  const store = away();
  const first = await openTestIngest({ watch: store.watch, drainMs: 0 });
  ingest = first;
  await send(first, [inner("f1", "2"), inner("f1", "3")]);
  await first.spans.linked();
  store.set(true);
  for (const trace of TRACES) await send(first, [outer(trace)]);
  const waiting = first.spans.linked();
  await expect.poll(() => first.spans.isHealthy(), { timeout: 20_000 }).toBe(false);
  store.set(false);
  await waiting;
  store.set(true);
  await send(first, [inner("f2", "2"), inner("f3", "2")]);
  await send(first, [inner("f2", "3"), inner("f3", "3")]);
  await first.stop();
  const { dir, postgres } = first;
  const again = await openTestIngest({ dir, postgres });
  ingest = again;
  await expectAllOnce(again);
  // A client that never saw its answers sends all of it again.
  for (const trace of TRACES) {
    await send(again, [outer(trace), inner(trace, "2"), inner(trace, "3")]);
  }
  await expectAllOnce(again);
});
