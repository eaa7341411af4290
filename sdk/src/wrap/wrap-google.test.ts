import { expect, test } from "vitest";
import { openPlainGuard } from "../testing/open-plain-guard.ts";
import { readAll } from "../testing/read-all.ts";
import { GOOGLE_STREAM, GOOGLE_USAGE } from "../testing/recorded-streams.ts";
import { wrapGoogle } from "./wrap-google.ts";

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

function open(options: { reroute?: string } = {}) {
  const outlay = openPlainGuard(options);
  const bare = new GoogleClient();
  return { outlay, bare, asked: bare.apiClient.asked, client: wrapGoogle(outlay, bare) };
}

test("an answer's usage is told word for word, thoughts as output and cached content as input", async () => {
  const { outlay, client, asked } = open();
  const config = { maxOutputTokens: 100 };
  expect(await client.models.generateContent({ ...params, config })).toBe(GOOGLE_STREAM[2]);
  expect(outlay.one()).toMatchObject({
    tags: { provider: "google", model: "gemini-2.5-flash", maxOutputTokens: 100 },
    read: { rawUsage: RAW, inputTokens: 1000, cacheReadTokens: 600, outputTokens: 52 },
  });
  expect(asked[0]?.config?.abortSignal).toBeInstanceOf(AbortSignal);
  expect(config).toEqual({ maxOutputTokens: 100 });
});

test("a stream is still a generator of the same chunks, and can be stopped", async () => {
  const { outlay, client } = open();
  const stream = await client.models.generateContentStream(params);
  expect(Object.prototype.toString.call(stream)).toBe("[object AsyncGenerator]");
  expect(await readAll(stream)).toEqual(GOOGLE_STREAM);
  expect(outlay.one().read?.rawUsage).toEqual(RAW);
  const halted = await client.models.generateContentStream(params);
  await halted.next();
  outlay.halt();
  await expect(halted.next()).rejects.toThrow("switched off by ada");
  expect(outlay.calls[1]).toMatchObject({
    how: "cancelled",
    read: { rawUsage: null, inputTokens: 1000 },
  });
});

test("chats are guarded, and a reroute changes the model", async () => {
  const { outlay, client, asked } = open({ reroute: "gemini-2.5-flash-lite" });
  await client.chats.create({ model: "gemini-2.5-pro" }).sendMessage("hi");
  expect(asked).toMatchObject([{ model: "gemini-2.5-flash-lite" }]);
  expect(outlay.one().tags.model).toBe("gemini-2.5-pro");
});

test("automatic function calling is as many calls as it makes of the model", async () => {
  const { outlay, bare, client } = open();
  const tools = [{ callTool: async () => ({}) }];
  await client.models.generateContent({ ...params, config: { tools } });
  expect(outlay.calls.map(({ read }) => read?.rawUsage)).toEqual([RAW, RAW]);
  await bare.models.generateContent(params);
  expect(outlay.calls).toHaveLength(2);
});
