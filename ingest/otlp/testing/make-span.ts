import type { OtlpSpan, OtlpValue } from "@/ingest/otlp/otlp-records";

/** A span as the decoder gives it, with what a test is about; it took one second. */
export function makeSpan({
  attributes = {},
  resource = {},
  scope = "test",
  ...given
}: Partial<Omit<OtlpSpan, "attributes" | "origin">> & {
  attributes?: Record<string, OtlpValue>;
  resource?: Record<string, OtlpValue>;
  scope?: string;
}): OtlpSpan {
  return {
    origin: {
      resource: new Map(Object.entries(resource)),
      scopeName: scope,
      scopeVersion: "",
      scopeAttributes: new Map(),
    },
    traceId: "5b8efff798038103d269b633813fc60c",
    spanId: "eee19b7ec3c1b174",
    parentSpanId: "",
    name: "span",
    spanKind: 1,
    startNs: 1_790_000_000_000_000_000n,
    endNs: 1_790_000_001_000_000_000n,
    statusCode: 0,
    statusMessage: "",
    events: [],
    links: [],
    ...given,
    attributes: new Map(Object.entries(attributes)),
  };
}
