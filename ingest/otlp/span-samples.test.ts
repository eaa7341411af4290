import { expect, test } from "vitest";
import type { OtlpAttributes, OtlpSpan, OtlpValue } from "@/ingest/otlp/otlp-records";
import { SpanSamples } from "@/ingest/otlp/span-samples";

const attributes = (values: Record<string, OtlpValue>): OtlpAttributes =>
  new Map(Object.entries(values));

function span(n: number, own: Record<string, OtlpValue>): OtlpSpan {
  return {
    origin: {
      resource: attributes({ "service.name": "checkout" }),
      scopeName: "app",
      scopeVersion: "",
      scopeAttributes: new Map(),
    },
    traceId: "a".repeat(32),
    spanId: n.toString(16).padStart(16, "0"),
    parentSpanId: "",
    name: `chat ${n}`,
    spanKind: 3,
    startNs: 1_790_000_000_000_000_000n + BigInt(n),
    endNs: 1_790_000_001_000_000_000n,
    attributes: attributes({ "gen_ai.operation.name": "chat", ...own }),
    statusCode: 0,
    statusMessage: "",
    events: [],
    links: [],
  };
}

test("rules are tried on the newest spans, and nothing that was said is kept for that", () => {
  const samples = new SpanSamples();
  const said = {
    "gen_ai.input.messages": "a secret",
    "input.value": "a secret",
    "mlflow.spanInputs": "a secret",
    systemPrompt: "a secret",
    "gcp.vertex.agent.llm_request": "a secret",
    "agent.state": '{"notes": "a secret"}',
    note: `a secret ${"x".repeat(300)}`,
    "acme.unit": "eu",
    "prompt.id": "run-7",
  };
  for (let n = 0; n < 30; n++) samples.note("p1", [span(n, said)], [], n * 1_000);
  samples.note("p2", [span(1, {})], [], 0);
  const rule = { tag: "feature", from: "resource", attribute: "service.name" } as const;
  const after = [{ ...rule, override: false }];
  const { spans, attributes: seen } = samples.preview("p1", { before: [], after });
  expect(spans).toHaveLength(30);
  expect(spans[0]).toMatchObject({ name: "chat 29", service: "checkout" });
  expect(spans[0]?.before.feature).toBeNull();
  expect(spans[0]?.after.feature).toBe("checkout");
  expect(seen).toContainEqual({ from: "span", attribute: "acme.unit", sample: "eu", spans: 30 });
  expect(JSON.stringify([spans, seen])).not.toContain("secret");
  for (let n = 0; n < 200; n++) samples.note("p1", [span(n, {})], [], 1e6 + n * 1_000);
  expect(samples.preview("p1", { before: [], after }).spans.length).toBeLessThanOrEqual(100);
  expect(samples.preview("p3", { before: [], after }).spans).toEqual([]);
});
