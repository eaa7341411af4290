import { expect, test } from "vitest";
import { openGuard } from "../testing/open-guard.ts";
import { readAll } from "../testing/read-all.ts";
import { GOOGLE_STREAM, GOOGLE_USAGE } from "../testing/recorded-streams.ts";

interface Params {
  model: string;
  contents: unknown;
  config?: {
    abortSignal?: AbortSignal;
    maxOutputTokens?: number;
    tools?: { callTool?: () => Promise<unknown> }[];
  };
}

/** Parts that call each other as those of `@google/genai` do; `asked` is what would go over the network. */
class Models {
  apiClient: { asked: Params[] };
  constructor(apiClient: { asked: Params[] }) {
    this.apiClient = apiClient;
  }
  generateContent = async (params: Params) => {
    let response = await this.generateContentInternal(params);
    for (const tool of params.config?.tools ?? []) {
      if (!tool.callTool) continue;
      await tool.callTool();
      response = await this.generateContentInternal(params);
    }
    return response;
  };
  generateContentStream = async (params: Params) => this.generateContentStreamInternal(params);
  async generateContentInternal(params: Params) {
    this.apiClient.asked.push(params);
    return GOOGLE_STREAM[2];
  }
  async generateContentStreamInternal(params: Params): Promise<AsyncGenerator<object>> {
    this.apiClient.asked.push(params);
    return (async function* () {
      yield* GOOGLE_STREAM;
    })();
  }
}

class Chats {
  modelsModule: Models;
  constructor(models: Models) {
    this.modelsModule = models;
  }
  create({ model }: { model: string }) {
    const models = this.modelsModule;
    return { sendMessage: (contents: string) => models.generateContent({ model, contents }) };
  }
}

class GoogleClient {
  vertexai = false;
  apiClient = { asked: [] as Params[] };
  models = new Models(this.apiClient);
  chats = new Chats(this.models);
}

const RAW = { api: "google.generateContent", body: GOOGLE_USAGE };
const params = { model: "gemini-2.5-flash", contents: "How is the sky?" };

async function open(options: { reroute?: string } = {}) {
  const world = await openGuard(options);
  const bare = new GoogleClient();
  return { ...world, bare, asked: bare.apiClient.asked, client: world.outlay.wrapGoogle(bare) };
}

test("an answer's usage is told word for word, and the caller's own objects stay as they were", async () => {
  const { one, client, asked } = await open();
  const config = { maxOutputTokens: 100 };
  expect(await client.models.generateContent({ ...params, config })).toBe(GOOGLE_STREAM[2]);
  expect(await one()).toMatchObject({ raw_usage: RAW, provider: "google" });
  expect(asked[0]?.config?.abortSignal).toBeInstanceOf(AbortSignal);
  expect(config).toEqual({ maxOutputTokens: 100 });
});

test("a stream is still a generator of the same chunks, and can be stopped", async () => {
  const { events, halt, client } = await open();
  const stream = await client.models.generateContentStream(params);
  expect(Object.prototype.toString.call(stream)).toBe("[object AsyncGenerator]");
  expect(await readAll(stream)).toEqual(GOOGLE_STREAM);
  const halted = await client.models.generateContentStream(params);
  await halted.next();
  await halt();
  await expect(halted.next()).rejects.toThrow("was engaged by Ada");
  expect(await events()).toMatchObject([
    { raw_usage: RAW, status: "ok" },
    { usage: { input_tokens: 1000, output_tokens: 10 }, usage_source: "estimated" },
  ]);
});

test("chats are guarded, and a reroute changes the model", async () => {
  const { one, client, asked } = await open({ reroute: "gemini-2.5-flash-lite" });
  await client.chats.create({ model: "gemini-2.5-pro" }).sendMessage("hi");
  expect(asked).toMatchObject([{ model: "gemini-2.5-flash-lite" }]);
  expect(await one()).toMatchObject({ requested_model: "gemini-2.5-pro" });
});

test("automatic function calling is as many calls as it makes of the model", async () => {
  const { events, bare, client } = await open();
  const tools = [{ callTool: async () => ({}) }];
  await client.models.generateContent({ ...params, config: { tools } });
  await bare.models.generateContent(params);
  expect(await events()).toMatchObject([{ raw_usage: RAW }, { raw_usage: RAW }]);
});
