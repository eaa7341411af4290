import { callIdOf } from "@/lib/traces/call-id-of";
import type { SpanResolution } from "@/lib/traces/resolve-trace";
import { resolveTrace } from "@/lib/traces/resolve-trace";
import type { SpanFacts } from "@/lib/traces/span-facts";
import { twinKeys } from "@/lib/traces/twin-keys";

/** A trace as far as this process saw it; a log record outside of any trace is one of its own. */
interface SeenTrace {
  spans: Map<string, SpanFacts>;
  keys: Set<string>;
  seenMs: number;
}

/** What a span takes in memory, about. */
const SPAN_BYTES = 2_048;
const MAX_SPANS = (64 * 1024 * 1024) / SPAN_BYTES;
const FRESH_MS = 600_000;
/** A trace is resolved as a whole with each request of it: past so many spans that is left to the linking job. */
const MAX_TRACE_SPANS = 2_000;

/**
 * What this process saw of traces lately, so that a call is counted rightly as it comes: its ancestors and its twins often
 * came a moment before. It is a help and decides nothing: what it does not know, the linking job finds.
 */
export class TraceMemory {
  /** The one that was seen longest ago first. */
  readonly #traces = new Map<string, SeenTrace>();
  /** Traces by the keys under which their calls may be told once more. */
  readonly #byTwinKey = new Map<string, Set<string>>();
  #spans = 0;

  /** What becomes of each of these, among all that is known of their traces, and they are known from now on. */
  resolve(
    projectId: string,
    facts: readonly SpanFacts[],
    nowMs: number,
  ): ReadonlyMap<SpanFacts, SpanResolution> {
    const touched = new Set<string>();
    for (const one of facts) {
      const name = this.#add(projectId, one, nowMs);
      touched.add(name);
      for (const key of twinKeys(one).sought) {
        for (const twin of this.#byTwinKey.get(`${projectId} ${key}`) ?? []) touched.add(twin);
      }
    }
    const known = [...touched].flatMap((name) => {
      const trace = this.#traces.get(name);
      return trace && trace.spans.size <= MAX_TRACE_SPANS ? [...trace.spans.values()] : [];
    });
    // What came before stays: of two that have the same name, the first is the span.
    const set = new Set(known);
    const added = new Set(known.map(nameOf));
    for (const one of facts) {
      if (added.has(nameOf(one))) continue;
      added.add(nameOf(one));
      set.add(one);
    }
    const resolved = resolveTrace([...set]);
    const byName = new Map([...resolved].map(([one, resolution]) => [nameOf(one), resolution]));
    this.#forgetOld(nowMs);
    return new Map(
      facts.flatMap((one) => {
        const resolution = byName.get(nameOf(one));
        return resolution ? [[one, resolution] as const] : [];
      }),
    );
  }

  /** Knows nothing of a project's traces any more: a name was erased, and nothing that comes may inherit it. */
  forget(projectId: string): void {
    for (const name of [...this.#traces.keys()]) {
      if (name.startsWith(`${projectId} `)) this.#delete(name);
    }
  }

  #add(projectId: string, facts: SpanFacts, nowMs: number): string {
    const name = `${projectId} ${facts.traceId || facts.spanId}`;
    const trace = this.#traces.get(name) ?? { spans: new Map(), keys: new Set(), seenMs: nowMs };
    trace.seenMs = nowMs;
    // Behind all others.
    this.#traces.delete(name);
    this.#traces.set(name, trace);
    const span = nameOf(facts);
    if (trace.spans.has(span) || trace.spans.size > MAX_TRACE_SPANS) return name;
    trace.spans.set(span, facts);
    this.#spans += 1;
    for (const own of twinKeys(facts).own) {
      const key = `${projectId} ${own}`;
      trace.keys.add(key);
      const traces = this.#byTwinKey.get(key) ?? new Set();
      this.#byTwinKey.set(key, traces.add(name));
    }
    return name;
  }

  #forgetOld(nowMs: number): void {
    for (const [name, { seenMs }] of this.#traces) {
      if (this.#spans <= MAX_SPANS && seenMs + FRESH_MS > nowMs) return;
      this.#delete(name);
    }
  }

  #delete(name: string): void {
    const trace = this.#traces.get(name);
    if (!trace) return;
    this.#traces.delete(name);
    this.#spans -= trace.spans.size;
    for (const key of trace.keys) {
      const traces = this.#byTwinKey.get(key);
      traces?.delete(name);
      if (traces?.size === 0) this.#byTwinKey.delete(key);
    }
  }
}

function nameOf(facts: SpanFacts): string {
  return `${callIdOf(facts)} ${facts.startUs}`;
}
