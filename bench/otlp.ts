import fs from "node:fs";
import type { OtlpEncoding } from "../ingest/otlp/decode-otlp";
import { encodeRequest } from "../ingest/otlp/testing/re-encode";
import { eventsOf } from "./call-stream";
import { type Endpoint, postBodies, waitUntilDrained } from "./post-events";
import { residentMib, startServer } from "./server-process";
import { median } from "./statistics";

const BATCH = 1_000;
const CONNECTIONS = 4;
const HOURS_MS = 3 * 3_600_000;
const PROTOBUF: Endpoint = { path: "/v1/traces", type: "application/x-protobuf", status: 200 };
const JSON_TRACES: Endpoint = { path: "/v1/traces", type: "application/json", status: 200 };

/** One call as a span of the GenAI conventions: what `eventsOf` says of it. */
interface BenchEvent {
  timestamp: string;
  provider: string;
  model: string;
  agent: string;
  user: string;
  session: string;
  feature: string;
  duration_ms: number;
  error_type?: string;
  usage?: { input_tokens: number; cache_read_tokens: number; output_tokens: number };
}

export interface OtlpFigures {
  /** JSON events a second. */
  events: number;
  ways: {
    name: string;
    spansPerSecond: number;
    /** Median of the pairs' ratios to JSON events. */
    ratio: number;
    ratios: number[];
    peakMib: number;
  }[];
}

/**
 * Posts the same calls as JSON events, as spans in protobuf and as spans in JSON, each to a server of its own until
 * they are queryable, `rounds` times in turn.
 */
export async function measureOtlp(calls: number, rounds: number): Promise<OtlpFigures> {
  const startMs = Date.now() - HOURS_MS;
  const batches = Array.from(
    { length: calls / BATCH },
    (_, index) => eventsOf(index * BATCH, BATCH, startMs, HOURS_MS / calls) as BenchEvent[],
  );
  const eventBodies = batches.map((events) => Buffer.from(JSON.stringify({ events })));
  const bodiesOf = (encoding: OtlpEncoding) =>
    batches.map((events, index) => toBody(events, index * BATCH, encoding));
  const ways = [
    { name: "protobuf", bodies: bodiesOf("protobuf"), endpoint: PROTOBUF },
    { name: "JSON", bodies: bodiesOf("json"), endpoint: JSON_TRACES },
  ].map((way) => ({ ...way, runs: [] as { rate: number; ratio: number; peakMib: number }[] }));
  const eventRates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const events = await measure(eventBodies, calls);
    eventRates.push(events.rate);
    for (const { bodies, endpoint, runs } of ways) {
      const run = await measure(bodies, calls, endpoint);
      runs.push({ ...run, ratio: run.rate / events.rate });
    }
  }
  return {
    events: median(eventRates),
    ways: ways.map(({ name, runs }) => ({
      name,
      spansPerSecond: median(runs.map(({ rate }) => rate)),
      ratio: median(runs.map(({ ratio }) => ratio)),
      ratios: runs.map(({ ratio }) => ratio),
      peakMib: Math.max(...runs.map(({ peakMib }) => peakMib)),
    })),
  };
}

async function measure(bodies: readonly Buffer[], calls: number, endpoint?: Endpoint) {
  const first = await startServer();
  await first.stop();
  const server = await startServer({ dataDir: first.dataDir });
  const begunMs = performance.now();
  await postBodies(server, bodies, CONNECTIONS, endpoint);
  await waitUntilDrained(server);
  const seconds = (performance.now() - begunMs) / 1000;
  const peakMib = residentMib(server.pid).peak;
  await server.stop();
  fs.rmSync(server.dataDir, { recursive: true, force: true });
  return { rate: calls / seconds, peakMib };
}

function toBody(events: readonly BenchEvent[], from: number, encoding: OtlpEncoding): Buffer {
  const attributes = toAttributes({ "service.name": "bench", "telemetry.sdk.language": "nodejs" });
  const spans = events.map((event, index) => toSpan(event, from + index));
  const scopeSpans = [{ scope: { name: "bench", version: "1.0.0" }, spans }];
  return encodeRequest(
    "traces",
    { resourceSpans: [{ resource: { attributes }, scopeSpans }] },
    encoding,
  );
}

/** Ten calls are one trace, below an agent that is not sent. */
function toSpan(event: BenchEvent, n: number): object {
  const startNs = BigInt(Date.parse(event.timestamp)) * 1_000_000n;
  const trace = Math.floor(n / 10) + 1;
  const hex = (id: number, digits: number) => id.toString(16).padStart(digits, "0");
  return {
    traceId: hex(trace, 32),
    spanId: hex(n + 1, 16),
    parentSpanId: `f${hex(trace, 15)}`,
    name: `chat ${event.model}`,
    kind: 3,
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(startNs + BigInt(event.duration_ms) * 1_000_000n),
    status: event.error_type ? { code: 2, message: event.error_type } : { code: 0 },
    attributes: toAttributes({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": event.provider,
      "gen_ai.request.model": event.model,
      "gen_ai.response.model": event.model,
      "gen_ai.response.id": `resp-${n}`,
      "gen_ai.agent.name": event.agent,
      "gen_ai.conversation.id": event.session,
      "user.id": event.user,
      feature: event.feature,
      "error.type": event.error_type,
      "gen_ai.usage.input_tokens": event.usage?.input_tokens,
      "gen_ai.usage.cache_read.input_tokens": event.usage?.cache_read_tokens,
      "gen_ai.usage.output_tokens": event.usage?.output_tokens,
    }),
  };
}

function toAttributes(values: Record<string, string | number | undefined>): object[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [
      { key, value: typeof value === "number" ? { intValue: value } : { stringValue: value } },
    ];
  });
}
