import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import { AgentHaltedError } from "../halted-error.ts";
import { readAll } from "../testing/read-all.ts";
import {
  AI_SDK_STREAM,
  ANTHROPIC_STREAM,
  ANTHROPIC_USAGE,
  CHAT_STREAM,
  CHAT_USAGE,
  CONVERSE_STREAM,
  CONVERSE_USAGE,
  GOOGLE_STREAM,
  GOOGLE_USAGE,
  RESPONSES_STREAM,
  RESPONSES_USAGE,
} from "../testing/recorded-streams.ts";
import type { StreamEnd } from "../types.ts";
import { isStream, tapStream } from "./tap-stream.ts";

const STREAMS: [string, object[], object, string][] = [
  ["openai.chat_completions", CHAT_STREAM, CHAT_USAGE, "Sunny"],
  ["openai.responses", RESPONSES_STREAM, RESPONSES_USAGE, "Sunny"],
  ["anthropic.messages", ANTHROPIC_STREAM, ANTHROPIC_USAGE, 'HmmSunny ☀{"city":"Oslo"}'],
  ["google.generateContent", GOOGLE_STREAM, GOOGLE_USAGE, 'Let me seeSunny{"city":"Oslo"}'],
  ["bedrock.converse", CONVERSE_STREAM, CONVERSE_USAGE, "Sunny"],
  ["openai.chat_completions", AI_SDK_STREAM, CHAT_USAGE, "Sunny"],
];

async function* generate(chunks: object[]): AsyncGenerator<object> {
  yield* chunks;
}

function toReadable(source: AsyncGenerator<object>): ReadableStream<object> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** As OpenAI's and Anthropic's clients make theirs. */
class ClientStream {
  controller = new AbortController();
  iterator: () => AsyncIterator<object>;
  constructor(iterator: () => AsyncIterator<object>) {
    this.iterator = iterator;
  }
  [Symbol.asyncIterator](): AsyncIterator<object> {
    return this.iterator();
  }
}

const KINDS: [string, (source: AsyncGenerator<object>) => AsyncIterable<object>][] = [
  ["generator", (source) => source],
  ["ReadableStream", toReadable],
  ["client's stream", (source) => new ClientStream(() => source)],
];

function listen<T>(stream: T) {
  const ends: StreamEnd[] = [];
  const firsts: number[] = [];
  const abort = new AbortController();
  const tapped = tapStream(stream, {
    onFirst: () => firsts.push(1),
    onEnd: (end) => ends.push(end),
    signal: abort.signal,
    hint: { content: true },
  });
  return {
    tapped,
    ends,
    firsts,
    halt: () => abort.abort(new AgentHaltedError({ code: "kill_switch", reason: "switched off" })),
    abort,
  };
}

for (const [kind, open] of KINDS) {
  test.each(STREAMS)(
    `a ${kind} of %s gives the same chunks, and its usage word for word`,
    async (api, chunks, usage, written) => {
      const { tapped, ends, firsts } = listen(open(generate(chunks)));
      expect(isStream(tapped)).toBe(true);
      const seen = await readAll(tapped);
      expect(seen.length).toBe(chunks.length);
      expect(seen.every((chunk, index) => chunk === chunks[index])).toBe(true);
      expect(ends).toHaveLength(1);
      expect(ends[0]).toMatchObject({ how: "done", read: { rawUsage: { api, body: usage } } });
      expect(ends[0]?.read?.rawUsage?.body).toEqual(usage);
      expect(ends[0]?.outputBytes).toBe(Buffer.byteLength(written));
      expect(ends[0]?.read?.completion ?? "Sunny").toContain("Sunny");
      expect(firsts).toHaveLength(1);
    },
  );

  test(`a ${kind} whose reader stops is told once, as cut`, async () => {
    const { tapped, ends } = listen(open(generate(ANTHROPIC_STREAM)));
    for await (const chunk of tapped) if ("delta" in chunk) break;
    expect(ends).toHaveLength(1);
    expect(ends[0]).toMatchObject({ how: "cancelled", outputBytes: 3 });
  });

  test(`the reader of a ${kind} sees why it was stopped, also while it waits`, async () => {
    const never = async function* () {
      yield CHAT_STREAM[1] ?? {};
      yield await new Promise<object>(() => {});
    };
    const source = open(never());
    const { tapped, ends, halt } = listen(source);
    const reader = tapped[Symbol.asyncIterator]();
    await reader.next();
    const waiting = reader.next();
    halt();
    await expect(waiting).rejects.toThrow("switched off");
    expect(ends).toHaveLength(1);
    expect(ends[0]).toMatchObject({
      how: "cancelled",
      outputBytes: 3,
      error: { message: "switched off" },
    });
    if (source instanceof ClientStream) expect(source.controller.signal.aborted).toBe(true);
  });

  test(`a ${kind} that nobody reads is told when its signal falls`, async () => {
    const { tapped, ends, halt } = listen(open(generate(CHAT_STREAM)));
    halt();
    expect(ends).toMatchObject([{ how: "cancelled", outputBytes: 0 }]);
    await expect(readAll(tapped)).rejects.toThrow("switched off");
  });

  test(`an error of a ${kind} is the caller's, and told with what had come`, async () => {
    const fails = async function* () {
      yield* CHAT_STREAM.slice(0, 3);
      throw new Error("connection lost");
    };
    const { tapped, ends } = listen(open(fails()));
    await expect(readAll(tapped)).rejects.toThrow("connection lost");
    expect(ends).toMatchObject([
      { how: "error", outputBytes: 5, read: { model: "gpt-4o-2024-08-06" } },
    ]);
  });
}

test.each(STREAMS)(
  "a stream of %s that was cut anywhere never says a usage that is not all of it",
  async (_api, chunks, usage) => {
    for (let cut = 1; cut < chunks.length; cut++) {
      const { tapped, ends } = listen(generate(chunks));
      let count = 0;
      for await (const _chunk of tapped) if (++count === cut) break;
      const read = ends[0]?.read;
      if (read?.rawUsage) expect(read.rawUsage.body).toEqual(usage);
      expect(read?.usage ?? null).toBeNull();
    }
  },
);

test("of a cut stream of Anthropic's all input is known, and output at least", async () => {
  const { tapped, ends } = listen(generate(ANTHROPIC_STREAM));
  for await (const chunk of tapped) if ("delta" in chunk) break;
  expect(ends[0]?.read).toMatchObject({
    rawUsage: null,
    inputTokens: 1625,
    cacheReadTokens: 1200,
    cacheWriteTokens: 400,
    outputTokens: 1,
    model: "claude-sonnet-4-5-20250929",
    responseId: "msg_01XFDUDYJgAACzvnptvVoYEL",
  });
});

test("a caller who aborts sees what the source does, and the call is told at once", async () => {
  const { tapped, ends, abort } = listen(generate(CHAT_STREAM));
  const reader = tapped[Symbol.asyncIterator]();
  await reader.next();
  abort.abort(new Error("mine"));
  expect(ends).toMatchObject([{ how: "cancelled", error: { message: "mine" } }]);
  expect(await reader.next()).toMatchObject({ done: false });
});

test("what is no stream is not taken for one", () => {
  for (const value of [null, undefined, "text", {}, [], new Map(), new Response("x")]) {
    expect(isStream(value)).toBe(false);
  }
});

test.each(KINDS)(
  "a %s that nobody holds any more is told as cut, but not while somebody reads it",
  async (_kind, open) => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const dropped: StreamEnd[][] = [];
    const drop = async (): Promise<void> => {
      const { tapped, ends } = listen(open(generate(CHAT_STREAM)));
      dropped.push(ends);
      await tapped[Symbol.asyncIterator]().next();
    };
    const begin = async () => {
      const { tapped, ends } = listen(open(generate(CHAT_STREAM)));
      const reader = tapped[Symbol.asyncIterator]();
      await reader.next();
      return { reader, ends };
    };
    await drop();
    const { reader, ends } = await begin();
    await vi.waitFor(() => {
      collect();
      expect(dropped[0]).toMatchObject([{ how: "cancelled" }]);
    });
    expect(ends).toEqual([]);
    expect(await readAll({ [Symbol.asyncIterator]: () => reader })).toHaveLength(4);
    expect(ends).toMatchObject([{ how: "done" }]);
  },
);
