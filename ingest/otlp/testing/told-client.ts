import type { OtlpValue } from "@/ingest/otlp/otlp-records";
import { readLog } from "@/ingest/otlp/read-log";
import { readSpan } from "@/ingest/otlp/read-span";
import { makeSpan } from "@/ingest/otlp/testing/make-span";
import { resolveTrace } from "@/lib/traces/resolve-trace";
import type { SpanFacts } from "@/lib/traces/span-facts";

const START_NS = 1_790_000_000_000_000_000n;
const MS = 1_000_000n;
const TRACE = "5b8efff798038103d269b633813fc60c";

export type Attributes = Record<string, OtlpValue>;

/** A span's path (`a/b`: b below a), from when to when in ms, and its attributes; a record is written below a path. */
export interface Told {
  span?: string;
  log?: string;
  at: string;
  from?: number;
  to: number;
  is?: Attributes;
  /** Where it is not the client's usual one. */
  scope?: string;
  /** By the span's own status. */
  isFailed?: boolean;
}

/** What a client sends, and what is to be read of it. */
export interface Client {
  client: string;
  service: string;
  scope: string;
  told: readonly Told[];
  /** Model, provider; input, cache read, cache write, output, reasoning; agent, session, user. */
  calls: readonly (readonly (string | number | null)[])[];
}

/** What a client says, span by span and record by record. */
export function readAll({ told, service, scope: usual }: Client): SpanFacts[] {
  const resource = { "service.name": service };
  return told.flatMap(({ span, at, from, to, is = {}, scope = usual, isFailed }) => {
    const ids = at.split("/").map((_, depth, all) => idOf(all.slice(0, depth + 1).join("/")));
    const endNs = START_NS + BigInt(to) * MS;
    if (span !== undefined) {
      const startNs = START_NS + BigInt(from ?? 0) * MS;
      const status = { statusCode: isFailed ? 2 : 0 };
      const place = { traceId: TRACE, spanId: ids.at(-1) ?? "", parentSpanId: ids.at(-2) ?? "" };
      return [
        readSpan(
          makeSpan({
            name: span,
            attributes: is,
            resource,
            scope,
            startNs,
            endNs,
            ...status,
            ...place,
          }),
          [],
        ).facts,
      ];
    }
    const { origin } = makeSpan({ resource, scope });
    const read = readLog(
      {
        origin,
        traceId: at ? TRACE : "",
        spanId: at ? (ids.at(-1) ?? "") : "",
        timeNs: endNs,
        observedNs: 0n,
        severity: 9,
        eventName: "",
        body: null,
        attributes: new Map(Object.entries(is)),
      },
      [],
    );
    return read ? [read.facts] : [];
  });
}

function idOf(path: string): string {
  return Buffer.from(path).toString("hex").slice(-16).padStart(16, "0");
}

/** The calls that count, in the order of time, as `Client.calls` has them. */
export function listCalls(sent: readonly SpanFacts[]): Client["calls"] {
  return [...resolveTrace(sent)].flatMap(([{ kind, model, provider, usage: own }, found]) => {
    const usage = found.rest ?? (found.isCounted ? own : null);
    if (kind === "tool" || (!usage && !found.isCounted)) return [];
    const { agent, session, user } = found.tags;
    return [
      [
        model,
        provider,
        usage?.input_tokens ?? null,
        usage?.cache_read_tokens ?? 0,
        (usage?.cache_write_5m_tokens ?? 0) + (usage?.cache_write_1h_tokens ?? 0),
        usage?.output_tokens ?? null,
        usage?.reasoning_tokens ?? 0,
        agent,
        session,
        user,
      ],
    ];
  });
}
