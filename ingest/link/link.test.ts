import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { llmSpan, otlpRequest, type TestSpan } from "@/ingest/otlp/testing/otlp-request";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { countersOf, sumsOf } from "@/lib/corrections/testing/open-test-corrections";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

const AT = Date.UTC(2026, 10, 20, 10);

async function send(...spans: TestSpan[]): Promise<void> {
  const { status } = await ingest.post(otlpRequest(spans), { path: "/v1/traces" });
  expect(status).toBe(200);
}

/** What the ledger says of a trace's calls, by id. */
async function callsOf(trace: string) {
  await ingest.spans.linked();
  const rows = await ingest.rows(`trace_id = '${trace.padStart(32, "0")}'`);
  return rows.map(({ id, session, counted, linked_id, cost_usd, revision }) => {
    return { id, session, counted, linked_id, cost_usd, revision };
  });
}

const idOf = (trace: string, span: string) =>
  `otlp:${trace.padStart(32, "0")}:${span.padStart(16, "0")}`;

test("a late ancestor brings the session, and of an outer span counts what is left of it", async () => {
  const trace = "a1";
  const attributes = { "gen_ai.conversation.id": "s-1" };
  await send(
    llmSpan({ trace, span: "2", parent: "1", atMs: AT + 10 }, { input: 1000, output: 10 }),
  );
  const inner = { id: idOf(trace, "2"), session: "", counted: true, linked_id: "", revision: 0 };
  expect(await callsOf(trace)).toEqual([{ ...inner, cost_usd: "0.0026" }]);
  await send(
    llmSpan(
      { trace, span: "1", atMs: AT, endMs: AT + 500, attributes },
      { input: 3000, output: 30 },
    ),
  );
  const [outer, rest, ...others] = await callsOf(trace);
  const session = "s-1";
  expect(outer).toMatchObject({
    id: idOf(trace, "1"),
    counted: false,
    linked_id: rest?.id,
    session,
  });
  expect(rest).toMatchObject({ counted: true, linked_id: "", cost_usd: "0.0052", session });
  expect(others).toEqual([{ ...inner, session, cost_usd: "0.0026", revision: 1 }]);
});

test("an event and the span of the same place are one call, whichever comes first", async () => {
  const usage = { input: 1000, output: 10 };
  for (const [trace, order] of [
    ["b1", ["event", "span"]],
    ["b2", ["span", "event"]],
  ] as const) {
    for (const what of order) {
      if (what === "span") await send(llmSpan({ trace, span: "1", atMs: AT }, usage));
      else {
        const { status } = await ingest.post({
          id: `event-${trace}`,
          timestamp: new Date(AT).toISOString(),
          provider: "openai",
          model: "gpt-4o",
          trace_id: trace.padStart(32, "0"),
          span_id: "1".padStart(16, "0"),
          usage: { input_tokens: 1000, output_tokens: 10 },
          duration_ms: 100,
        });
        expect(status).toBe(202);
      }
      await ingest.spans.linked();
    }
    const [event, span] = await callsOf(trace);
    expect(event).toMatchObject({ id: `event-${trace}`, counted: true, linked_id: "" });
    expect(span).toMatchObject({ counted: false, linked_id: `event-${trace}` });
  }
});

test("spans in any order and any pieces come to the same calls, and counters to the calls", async () => {
  const attributes = { "gen_ai.conversation.id": "s" };
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      fc.integer({ min: 1, max: 4 }),
      async (order, size) => {
        const trace = `c${++runs}`;
        const spans = [
          { trace, span: "1", atMs: AT, endMs: AT + 900, name: "invoke_agent", attributes },
          llmSpan(
            { trace, span: "2", parent: "1", atMs: AT, endMs: AT + 800 },
            { input: 5000, output: 50 },
          ),
          llmSpan({ trace, span: "3", parent: "2", atMs: AT + 10 }, { input: 1000, output: 10 }),
          // Its bucket is another one.
          llmSpan(
            { trace, span: "4", parent: "2", atMs: AT + 900_000 },
            { input: 2000, output: 20 },
          ),
        ];
        for (let at = 0; at < 4; at += size) {
          await send(...order.slice(at, at + size).flatMap((index) => spans[index] ?? []));
          if (at === 0) await ingest.spans.linked();
        }
        await send(...spans);
        // A rest of before more was known stays, and counts no more.
        const calls = (await callsOf(trace)).filter(({ counted }) => counted);
        expect(calls.map(({ session, cost_usd }) => [session, cost_usd])).toEqual([
          ["s", "0.0052"],
          ["s", "0.0026"],
          ["s", "0.0052"],
        ]);
      },
    ),
    { numRuns: 6 },
  );
  await ingest.counters.counted();
  const project = { id: ingest.projectIds.default };
  expect(await countersOf(ingest.postgres.db, project)).toEqual(
    await sumsOf(ingest.clickhouse, project),
  );
});
