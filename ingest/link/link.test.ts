import { afterAll, beforeAll, expect, test } from "vitest";
import { llmSpan, otlpRequest, type TestSpan } from "@/ingest/otlp/testing/otlp-request";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";

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
