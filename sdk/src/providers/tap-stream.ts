import { AgentHaltedError } from "../halted-error.ts";
import type { StreamEnd, StreamListener } from "../types.ts";
import type { Fields } from "./fields.ts";
import { foldChunks } from "./fold-chunks.ts";
import { tellHalt } from "./tell-halt.ts";

type Source = Pick<AsyncIterator<unknown>, "next" | "return" | "throw">;

/** Whether a value is given away piece by piece: a stream of a provider's client, a ReadableStream, a generator, a Response of events. */
export function isStream(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Symbol.asyncIterator in value || isReadable(value) || isEventResponse(value);
}

function isEventResponse(value: object): value is Response & { body: ReadableStream<unknown> } {
  const isOne = typeof Response === "function" && value instanceof Response && value.body !== null;
  return isOne && /event-stream/.test(value.headers.get("content-type") ?? "");
}

function isReadable(value: object): value is ReadableStream<unknown> {
  return "getReader" in value && typeof value.getReader === "function";
}

/**
 * Reads along with the reader of a stream, who sees the very same chunks at the same time.
 * @returns the same object where it can be tapped in place (OpenAI's and Anthropic's streams), else one of the same kind
 */
export function tapStream<T>(stream: T, listener: StreamListener): T {
  const own = stream as Fields & AsyncIterable<unknown>;
  const tap = openTap(own.controller as AbortController | undefined, listener);
  if (typeof own.done === "function" && typeof own.on === "function") {
    observe(own, tap);
    tellHalt(own, () => listener.signal.reason);
    return stream;
  }
  const tapped = wrapStream(own, tap);
  abandoned?.register(tapped, tap);
  return tapped as T;
}

/** A stream that nobody holds any more will not be read to its end; the guard holds none, so that it can be seen. */
const abandoned =
  typeof FinalizationRegistry === "function"
    ? new FinalizationRegistry<Tap>((tap) => tap.end("cancelled"))
    : null;
/** Who still reads holds the stream. */
const streamOfReader = new WeakMap<object, object>();

function wrapStream(own: Fields & AsyncIterable<unknown>, tap: Tap): object {
  const read = (source: Source, stream: object) => {
    const reader = tap.follow(source);
    streamOfReader.set(reader, stream);
    return reader;
  };
  if (typeof own.iterator === "function") {
    // `tee()`, `toReadableStream()` and `for await` all begin here.
    const begin = own.iterator.bind(own) as () => Source;
    own.iterator = () => read(begin(), own);
    return own;
  }
  if (isReadable(own)) return tapReadable(own, tap);
  if (isEventResponse(own)) {
    const { status, statusText, headers, url } = own;
    const body = tapReadable(own.body, tap) as ReadableStream<Uint8Array>;
    const response = new Response(body, { status, statusText, headers });
    return Object.defineProperty(response, "url", { value: url });
  }
  let reader: AsyncIterableIterator<unknown> | null = null;
  return new Proxy(own, {
    get(target, name, stream) {
      const open = target[Symbol.asyncIterator].bind(target);
      if (name === Symbol.asyncIterator) return () => read(open(), stream);
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (name !== "next" && name !== "return" && name !== "throw") return member.bind(target);
      reader ??= tap.follow(target as unknown as Source);
      return reader[name]?.bind(reader);
    },
  });
}

interface Tap {
  take(chunk: unknown): void;
  end(how: StreamEnd["how"], error?: unknown): void;
  follow(source: Source): AsyncIterableIterator<unknown>;
  /** Runs when the stream must stop at once. */
  onHalt(stop: () => unknown): void;
}

function openTap(controller: AbortController | undefined, listener: StreamListener): Tap {
  const { signal, hint } = listener;
  const fold = foldChunks(hint);
  const stops = new Set<(reason: unknown) => unknown>();
  let isFirst = true;
  let isEnded = false;
  const end: Tap["end"] = (how, error) => {
    if (isEnded) return;
    isEnded = true;
    signal.removeEventListener("abort", fall);
    const told = attempt(() => fold.end(how)) ?? { read: null, outputBytes: 0 };
    listener.onEnd({ ...told, how, ...(error !== undefined && { error }) });
  };
  const fall = (): void => {
    end("cancelled", signal.reason);
    // A caller who aborts knows it: the source, which has the same signal, ends as it always does.
    if (!(signal.reason instanceof AgentHaltedError)) return;
    for (const stop of stops) void ignoreFailure(() => stop(signal.reason));
    controller?.abort?.(signal.reason);
  };
  const take: Tap["take"] = (chunk) => {
    if (isEnded || !attempt(() => fold.add(chunk)) || !isFirst) return;
    isFirst = false;
    listener.onFirst();
  };
  signal.addEventListener("abort", fall);
  if (signal.aborted) fall();
  return {
    take,
    end,
    onHalt: (stop) => stops.add(stop),
    follow: (source) => follow(source, { controller, signal, stops, take, end }),
  };
}

/** What cannot be read is not known, and never the caller's trouble. */
function attempt<R>(act: () => R): R | null {
  try {
    return act();
  } catch {
    return null;
  }
}

async function ignoreFailure(act: () => unknown): Promise<void> {
  try {
    await act();
  } catch {
    // Who is told to stop may say that it was stopped.
  }
}

interface Followed extends Pick<Tap, "take" | "end"> {
  controller: AbortController | undefined;
  signal: AbortSignal;
  stops: Set<(reason: unknown) => unknown>;
}

function follow(source: Source, followed: Followed): AsyncIterableIterator<unknown> {
  const { controller, signal, stops, take, end } = followed;
  const stopSource = () => source.return?.();
  stops.add(stopSource);
  const next = async (...sent: [] | [unknown]): Promise<IteratorResult<unknown>> => {
    if (signal.reason instanceof AgentHaltedError) throw signal.reason;
    try {
      const result = await raceHalt(source.next(...sent), stops);
      if (!result.done) take(result.value);
      else {
        stops.delete(stopSource);
        // A client's stream whose request was aborted ends as if it were whole.
        end(controller?.signal?.aborted ? "cancelled" : "done");
      }
      return result;
    } catch (error) {
      end(signal.aborted ? "cancelled" : "error", error);
      throw error;
    }
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next,
    async return(value?: unknown) {
      end("cancelled");
      return source.return ? source.return(value) : { done: true, value };
    },
    async throw(error?: unknown) {
      end("cancelled", error);
      if (source.throw) return source.throw(error);
      throw error;
    },
  };
}

/** The chunk, or the reason to stop as soon as there is one: a source may take its time to notice. */
function raceHalt<R>(chunk: Promise<R>, stops: Followed["stops"]): Promise<R> {
  return new Promise((resolve, reject) => {
    stops.add(reject);
    chunk.then(resolve, reject).finally(() => stops.delete(reject));
  });
}

function tapReadable(source: ReadableStream<unknown>, tap: Tap): ReadableStream<unknown> {
  const reader = source.getReader();
  const chunks = tap.follow({
    next: async () => {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    return: async (reason) => {
      await reader.cancel(reason);
      return { done: true, value: undefined };
    },
  });
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        await chunks.return?.(reason);
      },
    },
    // Nothing is read that the reader does not ask for.
    { highWaterMark: 0 },
  );
}

/** The helpers of OpenAI's and Anthropic's clients (`messages.stream()`) read by themselves and tell by events. */
function observe(stream: Fields, tap: Tap): void {
  const on = (stream.on as (event: string, told: (value: unknown) => void) => unknown).bind(stream);
  for (const event of ["streamEvent", "chunk", "event"]) on(event, tap.take);
  // Only "end": with a listener for "error" the helper would no longer tell the caller of one that nobody awaits.
  on("end", () => tap.end(stream.aborted ? "cancelled" : stream.errored ? "error" : "done"));
  tap.onHalt(() => (stream.abort as () => void).call(stream));
}
