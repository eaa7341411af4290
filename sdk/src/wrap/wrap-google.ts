import { asFields, type Fields, listFields } from "../providers/fields.ts";
import { responseReader } from "../providers/response-reader.ts";
import type { LlmTags, Tags } from "../types.ts";
import type { GuardOwner } from "./guard-request.ts";
import { type GuardMethod, type Method, wrapClient } from "./wrap-client.ts";

/**
 * Guards every call that a client of `@google/genai` makes to a model: `models.generateContent`,
 * `generateContentStream` and `embedContent`, and what chats and automatic function calling ask for.
 * @param tags of every call of this client
 * @returns the same client to its caller; the given one is not changed and calls past the guard
 */
export function wrapGoogle<C extends object>(outlay: GuardOwner, client: C, tags?: Tags): C {
  const provider = asFields(client)?.vertexai ? "vertex" : "google";
  const guardCall = (method: Method): Method => {
    return (given, ...rest) => {
      const params = asFields(given);
      if (!params) return method(given, ...rest);
      const config = asFields(params.config) ?? {};
      const toCall: LlmTags = { ...tags, ...tagsOfParams(params, config), provider };
      return outlay.guard.llm(
        ({ signal, model }) => {
          const inner = { ...config, abortSignal: signal };
          const changed = model === toCall.model ? params.model : model;
          return method({ ...params, model: changed, config: inner }, ...rest);
        },
        toCall,
        responseReader,
      );
    };
  };
  const guardGenerate = (name: string): GuardMethod => {
    return (method, models) =>
      (given, ...rest) => {
        // With tools that it calls by itself one call of this method is many of a model.
        const run = callsTools(given) ? makeInner(models, guardCall)?.[name] : null;
        return typeof run === "function" ? run(given, ...rest) : guardCall(method)(given, ...rest);
      };
  };
  return wrapClient(client, {
    methods: {
      "models.generateContent": guardGenerate("generateContent"),
      "models.generateContentStream": guardGenerate("generateContentStream"),
      "models.embedContent": guardCall,
    },
    parts: ["chats"],
    links: { modelsModule: "models" },
  });
}

function tagsOfParams(params: Fields, config: Fields): LlmTags {
  const limit = config.maxOutputTokens;
  const answers = typeof config.candidateCount === "number" ? config.candidateCount : 1;
  return {
    model: String(params.model ?? "").replace(/^models\//, ""),
    input: params,
    ...(typeof limit === "number" && { maxOutputTokens: limit * answers }),
    signal: config.abortSignal as AbortSignal | undefined,
    content: {
      system: config.systemInstruction,
      messages: params.contents,
      tools: config.tools,
    },
  };
}

function callsTools(params: unknown): boolean {
  const config = asFields(asFields(params)?.config);
  const isOff = asFields(config?.automaticFunctionCalling)?.disable === true;
  return !isOff && listFields(config?.tools).some((tool) => typeof tool.callTool === "function");
}

/** Another object of the client's class, each of whose calls of a model is guarded; null where the class has changed. */
function makeInner(models: Fields, guardCall: (method: Method) => Method): Fields | null {
  const Models = models.constructor as unknown as new (apiClient: unknown) => Fields;
  const names = ["generateContentInternal", "generateContentStreamInternal"];
  if (names.some((name) => typeof models[name] !== "function") || !models.apiClient) return null;
  const inner = new Models(models.apiClient);
  for (const name of names) inner[name] = guardCall((inner[name] as Method).bind(inner));
  return inner;
}
