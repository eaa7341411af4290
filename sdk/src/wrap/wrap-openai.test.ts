import OpenAI, { APIPromise, AzureOpenAI } from "openai";
import { Stream } from "openai/streaming";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AgentHaltedError } from "../halted-error.ts";
import { type FakeProvider, openFakeProvider } from "../testing/fake-provider.ts";
import { openGuard } from "../testing/open-guard.ts";
import { readAll } from "../testing/read-all.ts";
import { CHAT_USAGE, RESPONSES_STREAM, RESPONSES_USAGE } from "../testing/recorded-streams.ts";

let provider: FakeProvider;
beforeAll(async () => {
  provider = await openFakeProvider();
});
afterAll(() => provider.close());

const messages = [{ role: "user" as const, content: "How is the sky?" }];
const chat = { model: "gpt-4o", messages };
const RAW_CHAT = { api: "openai.chat_completions", body: CHAT_USAGE };
const RAW_RESPONSES = { api: "openai.responses", body: RESPONSES_USAGE };

const SWITCHED = 'The kill switch of agent "planner" was engaged by Ada: a loop.';

async function open(options: { reroute?: string } = {}) {
  const world = await openGuard(options);
  const bare = new OpenAI({ apiKey: "k", baseURL: provider.url });
  return { ...world, bare, client: world.outlay.wrapOpenAI(bare) };
}

test("an answer is the client's own, and its usage is told word for word", async () => {
  const { one, bare, client } = await open();
  const answer = await client.chat.completions.create(chat);
  expect(answer).toEqual(await bare.chat.completions.create(chat));
  expect(answer._request_id).toBe("req_1");
  expect(await one()).toMatchObject({
    raw_usage: RAW_CHAT,
    provider: "openai",
    model: "gpt-4o",
    agent: "planner",
    status: "ok",
    metadata: { response_id: "chatcmpl-1" },
  });
});

test("the wrapped client is still the client's class, and what is not guarded is its own", async () => {
  const { bare, client } = await open();
  expect(client).toBeInstanceOf(OpenAI);
  expect(client.chat.completions).toBe(client.chat.completions);
  expect(client.files).toBe(bare.files);
  expect(client.baseURL).toBe(provider.url);
  expect(client.buildURL("/models", null)).toBe(`${provider.url}/models`);
});

test("a stream is the client's own Stream, without the chunk of usage that its reader did not ask for", async () => {
  const { one, bare, client } = await open();
  const body = { ...chat, stream: true as const };
  const stream = await client.chat.completions.create(body);
  expect(stream).toBeInstanceOf(Stream);
  expect(stream.controller).toBeInstanceOf(AbortController);
  const seen = await readAll(stream);
  expect(seen).toEqual(await readAll(await bare.chat.completions.create(body)));
  expect(await one()).toMatchObject({
    raw_usage: RAW_CHAT,
    status: "ok",
    time_to_first_token_ms: expect.any(Number),
  });
  const asking = { ...body, stream_options: { include_usage: true } };
  const asked = await readAll(await client.chat.completions.create(asking));
  expect(asked.at(-1)?.usage).toEqual(CHAT_USAGE);
});

test("tee() and toReadableStream() give all chunks, and the call is counted once", async () => {
  const { events, client } = await open();
  const body = { ...chat, stream: true as const };
  const [left, right] = (await client.chat.completions.create(body)).tee();
  expect(await readAll(left)).toEqual(await readAll(right));
  const readable = (await client.chat.completions.create(body)).toReadableStream();
  const text = await new Response(readable).text();
  expect(text.trim().split("\n")).toHaveLength(4);
  expect(await events()).toMatchObject([{ raw_usage: RAW_CHAT }, { raw_usage: RAW_CHAT }]);
});

test("withResponse() and asResponse() are those of the client's promise, and each call is counted once", async () => {
  const { events, client } = await open();
  const promise = client.chat.completions.create(chat);
  expect(promise).toBeInstanceOf(Promise);
  const { data, response, request_id } = await promise.withResponse();
  expect([data.id, response.status, request_id]).toEqual(["chatcmpl-1", 200, "req_1"]);
  expect(await promise).toBe(data);
  const raw = await client.chat.completions.create(chat).asResponse();
  expect(await raw.json()).toMatchObject({ id: "chatcmpl-1", usage: CHAT_USAGE });
  const streaming = { model: "gpt-5", input: "x", stream: true as const };
  const rawStream = await client.responses.create(streaming).asResponse();
  expect(rawStream.headers.get("x-request-id")).toBe("req_2");
  expect(await rawStream.text()).toContain("response.completed");
  const streamed = await client.responses.create(streaming).withResponse();
  expect(await readAll(streamed.data)).toEqual(RESPONSES_STREAM);
  expect((await events()).map(({ raw_usage }) => raw_usage)).toEqual([
    RAW_CHAT,
    RAW_CHAT,
    RAW_RESPONSES,
    RAW_RESPONSES,
  ]);
});

test("the client's helpers work, and each of their calls is counted once", async () => {
  const { events, client } = await open();
  const parsed = await client.chat.completions.parse({
    ...chat,
    response_format: { type: "json_object" },
  });
  expect(parsed.choices[0]?.message.content).toBe('{"sky":"sunny"}');
  expect(parsed._request_id).toBe("req_1");
  const helper = client.chat.completions.stream(chat);
  expect((await helper.finalChatCompletion()).choices[0]?.message.content).toBe("Sunny");
  const response = await client.responses.parse({ model: "gpt-5", input: "x" });
  expect(response.output_text).toBe('{"sky":"sunny"}');
  const stream = client.responses.stream({ model: "gpt-5", input: "x" });
  expect((await stream.finalResponse()).usage).toEqual(RESPONSES_USAGE);
  expect((await events()).map(({ raw_usage }) => raw_usage)).toEqual([
    RAW_CHAT,
    RAW_CHAT,
    RAW_RESPONSES,
    RAW_RESPONSES,
  ]);
});

test("a helper of a client that is not wrapped is read along inside guard.llm", async () => {
  const { outlay, events, halt, bare } = await open();
  const asking = { ...chat, stream_options: { include_usage: true } };
  const helper = await outlay.guard.llm(
    ({ signal }) => bare.chat.completions.stream(asking, { signal }),
    { model: "gpt-4o" },
  );
  expect(await helper.finalContent()).toBe("Sunny");
  const endless = await outlay.guard.llm(
    ({ signal }) => bare.chat.completions.stream({ ...chat, model: "endless-3" }, { signal }),
    { model: "endless-3" },
  );
  endless.on("content", () => void halt());
  await expect(endless.done()).rejects.toThrow(AgentHaltedError);
  expect(await events()).toMatchObject([
    { raw_usage: RAW_CHAT, status: "ok" },
    { usage_source: "estimated", error_type: "cancelled" },
  ]);
});

test("embeddings are guarded, and their numbers are decoded as ever", async () => {
  const { one, client } = await open();
  const answer = await client.embeddings.create({ model: "text-embedding-3-small", input: "x" });
  expect(Array.from(answer.data[0]?.embedding ?? [])).toEqual([1]);
  expect(await one()).toMatchObject({ raw_usage: { api: "openai.embeddings" } });
});

test("the model of a reroute is called, its worst case was asked for, and the caller's own objects stay as they were", async () => {
  const { one, wishes, client } = await open({ reroute: "gpt-4o-mini" });
  const body = Object.freeze({ ...chat, max_tokens: 50, n: 2, stream: true as const });
  await readAll(await client.chat.completions.create(body));
  expect(provider.asked.at(-1)?.body).toMatchObject({ model: "gpt-4o-mini", stream: true });
  expect(wishes()).toMatchObject([{ estimated_usage: { max_output_tokens: 100 } }]);
  expect(await one()).toMatchObject({ requested_model: "gpt-4o", raw_usage: RAW_CHAT });
});

test("a switch ends a running stream with its reason, and closes the connection to the provider", async () => {
  const { one, halt, client } = await open();
  const body = { ...chat, model: "endless-1", stream: true as const };
  const reader = (await client.chat.completions.create(body))[Symbol.asyncIterator]();
  await reader.next();
  await reader.next();
  const waiting = reader.next();
  waiting.catch(() => {});
  await halt();
  await expect(waiting).rejects.toThrow(SWITCHED);
  await provider.gone();
  expect(await one()).toMatchObject({
    usage: { output_tokens: 1 },
    usage_source: "estimated",
    status: "error",
    error_type: "cancelled",
  });
  const count = provider.asked.length;
  await expect(client.chat.completions.create(chat)).rejects.toThrow(SWITCHED);
  await expect(client.chat.completions.parse(chat)).rejects.toThrow(SWITCHED);
  const helper = client.chat.completions.stream(chat);
  await expect(helper.done()).rejects.toThrow(AgentHaltedError);
  expect(provider.asked).toHaveLength(count);
});

test("a reader who stops, or aborts, is served as ever; the call is told as cut, and estimated", async () => {
  const { events, client } = await open();
  for await (const chunk of await client.chat.completions.create({ ...chat, stream: true })) {
    if (chunk.choices[0]?.delta.content === "Sun") break;
  }
  const abort = new AbortController();
  const body = { ...chat, model: "endless-2", stream: true as const };
  const seen: unknown[] = [];
  for await (const chunk of await client.chat.completions.create(body, { signal: abort.signal })) {
    seen.push(chunk);
    if (seen.length === 2) abort.abort();
  }
  expect(seen).toHaveLength(2);
  const cut = { usage_source: "estimated", error_type: "cancelled", usage: { output_tokens: 1 } };
  expect(await events()).toMatchObject([cut, cut]);
});

test("the client's own retries and errors are the caller's, and one event a call", async () => {
  const { events, client } = await open();
  await client.chat.completions.create({ ...chat, model: "limited" });
  const failed = client.chat.completions.create({ ...chat, model: "broken" });
  await expect(failed).rejects.toThrow(OpenAI.BadRequestError);
  expect(await events()).toMatchObject([
    { raw_usage: RAW_CHAT, status: "ok", attempt: 2 },
    { status: "error", error_type: "validation" },
  ]);
});

test("another client that withOptions() makes is guarded too, and who is called is known by the address", async () => {
  const { outlay, events, client } = await open();
  const toFake = (_url: unknown, init?: RequestInit) =>
    fetch(`${provider.url}/chat/completions`, init);
  await client.withOptions({ maxRetries: 0 }).chat.completions.create(chat);
  const groq = client.withOptions({ baseURL: "https://api.groq.com/openai/v1", fetch: toFake });
  await groq.chat.completions.create({ ...chat, model: "llama-3.3-70b-versatile" });
  const azure = new AzureOpenAI({
    apiKey: "k",
    apiVersion: "2024-10-21",
    endpoint: "https://acme.openai.azure.com",
    fetch: toFake,
  });
  await outlay.wrapOpenAI(azure, { feature: "search" }).chat.completions.create(chat);
  expect(await events()).toMatchObject([
    { provider: "openai" },
    { provider: "groq", model: "llama-3.3-70b-versatile" },
    { provider: "azure", feature: "search" },
  ]);
});

test("the promise of a wrapped client has every method of the client's own", async () => {
  const { client } = await open();
  const promise = client.chat.completions.create(chat);
  for (const name of Object.getOwnPropertyNames(APIPromise.prototype)) {
    if (!["constructor", "parse"].includes(name)) expect(promise).toHaveProperty(name);
  }
  await promise;
});
