/** A span as a test says it; times in ms since 1970. */
export interface TestSpan {
  trace: string;
  span: string;
  parent?: string;
  name?: string;
  atMs: number;
  endMs?: number;
  scope?: string;
  service?: string;
  /** Text, and whole numbers. */
  attributes?: Record<string, string | number>;
}

/** A call of a model: 1,000 tokens of input cost a known price. */
export function llmSpan(
  span: TestSpan,
  usage: { input: number; output: number; model?: string; id?: string },
): TestSpan {
  return {
    name: `chat ${usage.model ?? "gpt-4o"}`,
    ...span,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": usage.model ?? "gpt-4o",
      "gen_ai.response.model": usage.model ?? "gpt-4o",
      "gen_ai.usage.input_tokens": usage.input,
      "gen_ai.usage.output_tokens": usage.output,
      ...(usage.id === undefined ? {} : { "gen_ai.response.id": usage.id }),
      ...span.attributes,
    },
  };
}

/** The body of `POST /v1/traces` as JSON. */
export function otlpRequest(spans: readonly TestSpan[]): unknown {
  return {
    resourceSpans: spans.map((span) => ({
      resource: { attributes: toAttributes({ "service.name": span.service ?? "shop" }) },
      scopeSpans: [{ scope: { name: span.scope ?? "test" }, spans: [toSpan(span)] }],
    })),
  };
}

function toSpan({ trace, span, parent, name, atMs, endMs, attributes }: TestSpan) {
  return {
    traceId: trace.padStart(32, "0"),
    spanId: span.padStart(16, "0"),
    ...(parent === undefined ? {} : { parentSpanId: parent.padStart(16, "0") }),
    name: name ?? "step",
    kind: 3,
    startTimeUnixNano: toNanoseconds(atMs),
    endTimeUnixNano: toNanoseconds(endMs ?? atMs + 100),
    attributes: toAttributes(attributes ?? {}),
    status: {},
  };
}

function toAttributes(attributes: Record<string, string | number>) {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === "string" ? { stringValue: value } : { intValue: String(value) },
  }));
}

function toNanoseconds(ms: number): string {
  return `${BigInt(Math.round(ms * 1000)) * 1000n}`;
}
