import OpenAI, { APIPromise } from "openai";
import type { Stream } from "openai/streaming";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AgentHaltedError } from "../halted-error.ts";
import { type FakeProvider, openFakeProvider } from "../testing/fake-provider.ts";
import { openGuard } from "../testing/open-guard.ts";
import { readAll } from "../testing/read-all.ts";
import { ANTHROPIC_STREAM, ANTHROPIC_USAGE } from "../testing/recorded-streams.ts";

let provider: FakeProvider;
beforeAll(async () => {
  provider = await openFakeProvider();
});
afterAll(() => provider.close());

interface Params {
  model: string;
  max_tokens: number;
  messages: object[];
  stream?: boolean;
}
interface Message {
  id: string;
  parsed?: boolean;
}

/**
 * Anthropic's client is made by the same generator as OpenAI's, on the same core: requests, promises and streams are
 * those of the `openai` package here, and its resource and helpers call each other as `anthropic-sdk-typescript` does.
 */
class Messages {
  _client: AnthropicClient;
  constructor(client: AnthropicClient) {
    this._client = client;
  }
  create(body: Params, options?: object): APIPromise<Message & Stream<{ type: string }>> {
    return this._client.post("/messages", { body, ...options, stream: body.stream ?? false });
  }
  parse(body: Params, options?: object): Promise<Message> {
    return this.create(body, options).then((message) => ({ ...message, parsed: true }));
  }
  /** A turn of a thread, which tool runners are made of: its promise is another one, of the response as it came. */
  async turn(body: Params): Promise<Message & Stream<{ type: string }>> {
    const request = this.create(body) as unknown as Promise<Message & Stream<{ type: string }>> & {
      _responseProps(): Promise<ConstructorParameters<typeof APIPromise>[1]>;
    };
    const props = await request._responseProps();
    return body.stream
      ? await new APIPromise<Message & Stream<{ type: string }>>(
          this._client,
          Promise.resolve(props),
        )
      : request;
  }
  toolRunner(turn: object): AsyncIterable<object> & { runUntilDone(): void } {
    return {
      runUntilDone: () => undefined,
      async *[Symbol.asyncIterator]() {
        yield turn;
      },
    };
  }
  stream(body: Params, options?: object): MessageStream {
    return new MessageStream(this, body, options);
  }
}

class MessageStream {
  controller = new AbortController();
  #text: Promise<string>;
  constructor(messages: Messages, body: Params, options?: object) {
    this.#text = this.#run(messages, body, options);
  }
  finalText(): Promise<string> {
    return this.#text;
  }
  async #run(messages: Messages, body: Params, options?: object): Promise<string> {
    const { signal } = this.controller;
    const request = messages.create({ ...body, stream: true }, { ...options, signal });
    const { data } = await request.withResponse();
    const events = (await readAll(data)) as { delta?: { text?: string } }[];
    return events.map(({ delta }) => delta?.text ?? "").join("");
  }
}

class AnthropicClient extends OpenAI {
  messages = new Messages(this);
}

const params = { model: "claude-sonnet-4-5", max_tokens: 64, messages: [] };
const RAW = { api: "anthropic.messages", body: ANTHROPIC_USAGE };

async function open() {
  const world = await openGuard();
  const bare = new AnthropicClient({ apiKey: "k", baseURL: provider.url });
  return { ...world, client: world.outlay.wrapAnthropic(bare) };
}

test("a message is the client's own, and its usage is told word for word", async () => {
  const { one, client } = await open();
  expect((await client.messages.create(params)).id).toBe("msg_1");
  expect(await one()).toMatchObject({ raw_usage: RAW, provider: "anthropic", status: "ok" });
});

test("a stream's first and last usage are one, and nothing is asked of the provider that the caller did not ask", async () => {
  const { one, client } = await open();
  const seen = await readAll(await client.messages.create({ ...params, stream: true }));
  expect(seen).toEqual(ANTHROPIC_STREAM);
  expect(await one()).toMatchObject({ raw_usage: RAW, model: "claude-sonnet-4-5-20250929" });
  expect(provider.asked.at(-1)?.body).toEqual({ ...params, stream: true });
});

test("of a stream that was cut all input is told as it was, and the output is estimated", async () => {
  const { one, client } = await open();
  for await (const event of await client.messages.create({ ...params, stream: true })) {
    if ("delta" in event) break;
  }
  expect(await one()).toMatchObject({
    usage: { input_tokens: 1625, cache_read_tokens: 1200, output_tokens: 2 },
    usage_source: "estimated",
  });
});

test("the helpers `stream` and `parse` are counted once each", async () => {
  const { events, client } = await open();
  expect(await client.messages.stream(params).finalText()).toBe("Sunny ☀");
  expect(await client.messages.parse(params)).toMatchObject({ id: "msg_1", parsed: true });
  expect(await events()).toMatchObject([{ raw_usage: RAW }, { raw_usage: RAW }]);
});

test("a turn of a thread, whose client reads the response itself, is counted once, streamed or not", async () => {
  const { events, client } = await open();
  expect((await client.messages.turn(params)).id).toBe("msg_1");
  expect(await readAll(await client.messages.turn({ ...params, stream: true }))).toEqual(
    ANTHROPIC_STREAM,
  );
  expect(await events()).toMatchObject([{ raw_usage: RAW }, { raw_usage: RAW }]);
});

test("a halt reaches who reads the turns of a tool runner as what it is", async () => {
  const { client } = await open();
  const heard: unknown[] = [];
  const turn = { _emit: (...given: unknown[]) => heard.push(...given) };
  const halt = new AgentHaltedError({ code: "kill_switch", reason: "stop" });
  for await (const _ of client.messages.toolRunner(turn)) {
    turn._emit("error", new Error("stopped", { cause: halt }));
  }
  expect(heard).toEqual(["error", halt]);
});
