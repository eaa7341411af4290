import OpenAI, { APIPromise, AzureOpenAI } from "openai";
import { Stream } from "openai/streaming";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeProvider, openFakeProvider } from "../testing/fake-provider.ts";
import { openPlainGuard } from "../testing/open-plain-guard.ts";
import { readAll } from "../testing/read-all.ts";
import { CHAT_USAGE, RESPONSES_USAGE } from "../testing/recorded-streams.ts";
import { wrapOpenAI } from "./wrap-openai.ts";

let provider: FakeProvider;
beforeAll(async () => {
  provider = await openFakeProvider();
});
afterAll(() => provider.close());

const messages = [{ role: "user" as const, content: "How is the sky?" }];
const chat = { model: "gpt-4o", messages };
const RAW_CHAT = { api: "openai.chat_completions", body: CHAT_USAGE };
const RAW_RESPONSES = { api: "openai.responses", body: RESPONSES_USAGE };

function open(options: { reroute?: string } = {}) {
  const outlay = openPlainGuard(options);
  const bare = new OpenAI({ apiKey: "k", baseURL: provider.url });
  return { outlay, bare, client: wrapOpenAI(outlay, bare) };
}

test("an answer is the client's own, and its usage is told word for word", async () => {
  const { outlay, bare, client } = open();
  const answer = await client.chat.completions.create({ ...chat, max_tokens: 50, n: 2 });
  expect(answer).toEqual(await bare.chat.completions.create(chat));
  expect(answer._request_id).toBe("req_1");
  expect(outlay.one()).toMatchObject({
    how: "done",
    read: { rawUsage: RAW_CHAT, model: "gpt-4o", provider: "openai", responseId: "chatcmpl-1" },
    tags: { model: "gpt-4o", provider: "openai", maxOutputTokens: 100 },
  });
});

test("the wrapped client is still the client's class, and what is not guarded is its own", async () => {
  const { bare, client } = open();
  expect(client).toBeInstanceOf(OpenAI);
  expect(client.chat.completions).toBe(client.chat.completions);
  expect(client.files).toBe(bare.files);
  expect(client.baseURL).toBe(provider.url);
  expect(client.buildURL("/models", null)).toBe(`${provider.url}/models`);
});

test("a stream is the client's own Stream, without the chunk of usage that its reader did not ask for", async () => {
  const { outlay, bare, client } = open();
  const stream = await client.chat.completions.create({ ...chat, stream: true });
  expect(stream).toBeInstanceOf(Stream);
  expect(stream.controller).toBeInstanceOf(AbortController);
  const seen = await readAll(stream);
  expect(seen).toEqual(
    await readAll(await bare.chat.completions.create({ ...chat, stream: true })),
  );
  expect(outlay.one()).toMatchObject({
    how: "done",
    isFirstTold: true,
    read: { rawUsage: RAW_CHAT },
  });
  const asked = await client.chat.completions.create({
    ...chat,
    stream: true,
    stream_options: { include_usage: true },
  });
  expect((await readAll(asked)).at(-1)?.usage).toEqual(CHAT_USAGE);
});

test("tee() and toReadableStream() give all chunks, and the call is counted once", async () => {
  const { outlay, client } = open();
  const [left, right] = (await client.chat.completions.create({ ...chat, stream: true })).tee();
  expect(await readAll(left)).toEqual(await readAll(right));
  expect(outlay.one().read?.rawUsage).toEqual(RAW_CHAT);
  const readable = (
    await client.chat.completions.create({ ...chat, stream: true })
  ).toReadableStream();
  const text = await new Response(readable).text();
  expect(text.trim().split("\n")).toHaveLength(4);
  expect(outlay.calls).toHaveLength(2);
});

test("withResponse(), asResponse() and catch() are those of the client's promise, and each call is counted once", async () => {
  const { outlay, client } = open();
  const promise = client.chat.completions.create(chat);
  expect(promise).toBeInstanceOf(Promise);
  const { data, response, request_id } = await promise.withResponse();
  expect([data.id, response.status, request_id]).toEqual(["chatcmpl-1", 200, "req_1"]);
  expect(await promise).toBe(data);
  expect(outlay.one().read?.rawUsage).toEqual(RAW_CHAT);
  const raw = await client.chat.completions.create(chat).asResponse();
  expect(await raw.json()).toMatchObject({ id: "chatcmpl-1", usage: CHAT_USAGE });
  const rawStream = await client.responses
    .create({ model: "gpt-5", input: "x", stream: true })
    .asResponse();
  expect(rawStream.headers.get("x-request-id")).toBe("req_2");
  expect(await rawStream.text()).toContain("response.completed");
  expect(outlay.calls.map(({ read }) => read?.rawUsage)).toEqual([
    RAW_CHAT,
    RAW_CHAT,
    RAW_RESPONSES,
  ]);
  const streamed = await client.chat.completions.create({ ...chat, stream: true }).withResponse();
  expect(await readAll(streamed.data)).toHaveLength(4);
  expect(outlay.calls).toHaveLength(4);
});

test("the client's helpers work, and each of their calls is counted once", async () => {
  const { outlay, client } = open();
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
  expect(outlay.calls.map(({ read }) => read?.rawUsage)).toEqual([
    RAW_CHAT,
    RAW_CHAT,
    RAW_RESPONSES,
    RAW_RESPONSES,
  ]);
});

test("a helper of a client that is not wrapped is read along inside guard.llm", async () => {
  const { outlay, bare } = open();
  const helper = await outlay.guard.llm(
    ({ signal }) =>
      bare.chat.completions.stream(
        { ...chat, stream_options: { include_usage: true } },
        { signal },
      ),
    { model: "gpt-4o" },
  );
  expect(await helper.finalContent()).toBe("Sunny");
  expect(outlay.one()).toMatchObject({ how: "done", read: { rawUsage: RAW_CHAT } });
  const endless = await outlay.guard.llm(
    ({ signal }) => bare.chat.completions.stream({ ...chat, model: "endless-3" }, { signal }),
    { model: "endless-3" },
  );
  endless.on("content", () => outlay.halt());
  await expect(endless.done()).rejects.toThrow();
  expect(outlay.calls[1]).toMatchObject({
    how: "cancelled",
    error: { message: "switched off by ada" },
  });
});

test("embeddings are guarded, and their numbers are decoded as ever", async () => {
  const { outlay, client } = open();
  const answer = await client.embeddings.create({ model: "text-embedding-3-small", input: "x" });
  expect(Array.from(answer.data[0]?.embedding ?? [])).toEqual([1]);
  expect(outlay.one().read?.rawUsage?.api).toBe("openai.embeddings");
});

test("the model of a reroute is called, and the caller's own objects stay as they were", async () => {
  const { outlay, client } = open({ reroute: "gpt-4o-mini" });
  const body = Object.freeze({ ...chat, stream: true as const });
  await readAll(await client.chat.completions.create(body));
  expect(provider.asked.at(-1)?.body).toMatchObject({ model: "gpt-4o-mini", stream: true });
  expect(outlay.one().tags.model).toBe("gpt-4o");
});

test("a switch ends a running stream with its reason, and closes the connection to the provider", async () => {
  const { outlay, client } = open();
  const stream = await client.chat.completions.create({
    ...chat,
    model: "endless-1",
    stream: true,
  });
  const reader = stream[Symbol.asyncIterator]();
  await reader.next();
  await reader.next();
  const waiting = reader.next();
  outlay.halt();
  await expect(waiting).rejects.toThrow("switched off by ada");
  await provider.gone();
  expect(outlay.one()).toMatchObject({
    how: "cancelled",
    outputBytes: 3,
    read: { rawUsage: null },
  });
  await expect(client.chat.completions.create(chat)).rejects.toThrow("switched off by ada");
  expect(provider.asked.at(-1)?.body.model).toBe("endless-1");
});

test("a reader who stops, or aborts, is served as ever; the call is told as cut", async () => {
  const { outlay, client } = open();
  for await (const chunk of await client.chat.completions.create({ ...chat, stream: true })) {
    if (chunk.choices[0]?.delta.content === "Sun") break;
  }
  expect(outlay.one()).toMatchObject({ how: "cancelled", outputBytes: 3 });
  const abort = new AbortController();
  const body = { ...chat, model: "endless-2", stream: true as const };
  const stream = await client.chat.completions.create(body, { signal: abort.signal });
  const seen: unknown[] = [];
  for await (const chunk of stream) {
    seen.push(chunk);
    if (seen.length === 2) abort.abort();
  }
  expect(seen).toHaveLength(2);
  expect(outlay.calls[1]?.how).toBe("cancelled");
});

test("the client's own retries and errors are the caller's, and one event a call", async () => {
  const { outlay, client } = open();
  await client.chat.completions.create({ ...chat, model: "limited" });
  expect(outlay.one().how).toBe("done");
  const failed = client.chat.completions.create({ ...chat, model: "broken" });
  await expect(failed).rejects.toThrow(OpenAI.BadRequestError);
  expect(outlay.calls[1]).toMatchObject({ how: "error", error: { status: 400 } });
});

test("another client that withOptions() makes is guarded too, and Azure's is told as Azure", async () => {
  const { outlay, client } = open();
  await client.withOptions({ maxRetries: 0 }).chat.completions.create(chat);
  expect(outlay.one().read?.rawUsage).toEqual(RAW_CHAT);
  const groq = client.withOptions({
    baseURL: "https://api.groq.com/openai/v1",
    fetch: (_url, init) => fetch(`${provider.url}/chat/completions`, init),
  });
  await groq.chat.completions.create({ ...chat, model: "llama-3.3-70b-versatile" });
  expect(outlay.calls[1]?.read?.provider).toBe("groq");
  const azure = new AzureOpenAI({
    apiKey: "k",
    apiVersion: "2024-10-21",
    endpoint: "https://acme.openai.azure.com",
    fetch: (_url, init) => fetch(`${provider.url}/chat/completions`, init),
  });
  await wrapOpenAI(outlay, azure, { feature: "search" }).chat.completions.create(chat);
  expect(outlay.calls[2]).toMatchObject({
    tags: { provider: "azure", feature: "search" },
    read: { provider: "azure" },
  });
});

test("the promise of a wrapped client has every method of the client's own", () => {
  const { client } = open();
  const promise = client.chat.completions.create(chat);
  for (const name of Object.getOwnPropertyNames(APIPromise.prototype)) {
    if (!["constructor", "parse"].includes(name)) expect(promise).toHaveProperty(name);
  }
});
