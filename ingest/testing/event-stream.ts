import { gzipSync } from "node:zlib";
import fc from "fast-check";

/** An event as an agent sends it: with an id and a timestamp, so that sending it again changes nothing. */
export type StreamEvent = Record<string, unknown> & { id: string; timestamp: string };

/** The stream's first instant; it goes on for two days, which have been over for long. */
const START_MS = Date.UTC(2026, 2, 28, 22);
const HOUR_MS = 3_600_000;
/** Hours after it: some of each of three UTC days, with Berlin's change to summer time among them. */
const HOURS = [0, 1, 2, 3, 26, 47];

/** One way of sending some of a stream's events; `copies` are places in the stream. */
export interface StreamRequest {
  events: StreamEvent[];
  format: "object" | "list" | "ndjson";
  isPacked: boolean;
}

const usage = fc.record(
  {
    input_tokens: fc.nat(2_000_000),
    cache_read_tokens: fc.constant(0),
    output_tokens: fc.nat(100_000),
  },
  { requiredKeys: [] },
);

const event = fc.record({
  // Few ids and many times: the same id in another quarter of an hour is another event.
  name: fc.nat(60),
  hour: fc.constantFrom(...HOURS),
  // Whole quarters and the instants beside them are where sums are torn apart.
  minute: fc.constantFrom(0, 14, 15, 29, 30, 45, 59),
  microseconds: fc.constantFrom(0, 1, 999_999),
  fields: fc.record(
    {
      provider: fc.constantFrom("openai", "anthropic"),
      model: fc.constantFrom("gpt-5", "gpt-4o-mini", "claude-sonnet-4-5-20250929", "no-such-model"),
      feature: fc.constantFrom("search", "chat", "it's"),
      agent: fc.constantFrom("planner", "writer"),
      user: fc.constantFrom("u1", "u2", "u3"),
      session: fc.constantFrom("s1", "s2", "s3", "s4"),
      type: fc.constantFrom("llm", "tool", "agent"),
      status: fc.constantFrom("ok", "error"),
      usage: fc.oneof(usage, fc.constant(null)),
      duration_ms: fc.nat(90_000),
      time_to_first_token_ms: fc.nat(900),
      source: fc.constant("worker-1"),
      sequence: fc.nat(1000),
      metadata: fc.dictionary(fc.constantFrom("team", "release"), fc.constantFrom("1", "2")),
    },
    { requiredKeys: ["model"] },
  ),
});

/** Streams in which every identity is there once. */
export function anyStream(size: { min: number; max: number }): fc.Arbitrary<StreamEvent[]> {
  return fc
    .uniqueArray(event, {
      minLength: size.min,
      maxLength: size.max,
      selector: ({ name, hour, minute }) => `${name} ${hour} ${Math.floor(minute / 15)}`,
    })
    .map((events) =>
      events.map(({ name, hour, minute, microseconds, fields }) => {
        const atMs = START_MS + hour * HOUR_MS + minute * 60_000;
        const fraction = String(microseconds).padStart(6, "0");
        const timestamp = `${new Date(atMs).toISOString().slice(0, 19)}.${fraction}Z`;
        return { id: `e-${name}`, timestamp, ...fields };
      }),
    );
}

/** Ways of sending a stream: in any order and pieces, some events again and again, in any format, spelt otherwise. */
export function anyDelivery(stream: readonly StreamEvent[]): fc.Arbitrary<StreamRequest[]> {
  const places = stream.map((_, index) => index);
  const all = fc.shuffledSubarray(places, { minLength: places.length });
  const again = fc.array(fc.nat(Math.max(0, places.length - 1)), { maxLength: places.length });
  return fc
    .record({
      all,
      again,
      sizes: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 }),
      seed: fc.nat(),
      formats: fc.array(
        fc.tuple(fc.constantFrom("object", "list", "ndjson"), fc.boolean(), fc.boolean()),
        { minLength: 1, maxLength: 6 },
      ),
    })
    .map(({ all, again, sizes, seed, formats }) => {
      const order = [...all];
      for (const [i, place] of again.entries()) {
        order.splice((seed + i * 7919) % (order.length + 1), 0, place);
      }
      const requests: StreamRequest[] = [];
      for (let at = 0, i = 0; at < order.length; i++) {
        const size = sizes[i % sizes.length] ?? 1;
        const [format = "list", isPacked = false, isRespelt = false] =
          formats[i % formats.length] ?? [];
        const events = order.slice(at, at + size).flatMap((place) => stream[place] ?? []);
        requests.push({ events: isRespelt ? events.map(respell) : events, format, isPacked });
        at += size;
      }
      return requests;
    });
}

/** The same content in other words: no retry is ever spelt like the first try by all clients. */
function respell(sent: StreamEvent): StreamEvent {
  const { timestamp, metadata, ...others } = sent;
  const tags = metadata && Object.fromEntries(Object.entries(metadata).reverse());
  return {
    ...Object.fromEntries(Object.entries(others).reverse()),
    id: sent.id,
    ...(tags ? { metadata: tags } : {}),
    task: null,
    timestamp: timestamp.replace("Z", "+00:00"),
  };
}

/** The body and headers of a request. */
export function encodeRequest({ events, format, isPacked }: StreamRequest): {
  body: Uint8Array<ArrayBuffer>;
  headers: Record<string, string>;
} {
  const text =
    format === "ndjson"
      ? events.map((one) => JSON.stringify(one)).join("\n")
      : JSON.stringify(format === "list" ? events : { events });
  const bytes = Buffer.from(text);
  return {
    body: new Uint8Array(isPacked ? gzipSync(bytes) : bytes),
    headers: {
      "content-type": format === "ndjson" ? "application/x-ndjson" : "application/json",
      ...(isPacked ? { "content-encoding": "gzip" } : {}),
    },
  };
}
