import { asFields } from "../providers/fields.ts";
import { responseReader } from "../providers/response-reader.ts";
import type { LlmContext, LlmTags, ResponseReader, Tags } from "../types.ts";
import type { GuardOwner } from "./guard-request.ts";

/** What the AI SDK hands to a middleware, as far as this one needs it; v2, v3 and v4 models have it. */
interface ModelCall {
  model: { provider: string; modelId: string };
  params: object;
}

interface CallParams {
  abortSignal?: AbortSignal;
  maxOutputTokens?: number;
  prompt?: unknown;
  tools?: unknown;
}

/** What it is told besides. */
export interface MiddlewareOptions {
  /** Of every call of the model. */
  tags?: Tags;
  /** Makes the model of a reroute. Without it the model itself is told the other id, which those of a provider heed. */
  makeModel?: (modelId: string) => object;
}

export interface AiSdkMiddleware {
  /** The newest that all of AI SDK 5, 6 and 7 take. */
  readonly specificationVersion: "v3";
  wrapGenerate<R>(call: ModelCall & { doGenerate: () => PromiseLike<R> }): Promise<R>;
  wrapStream<R>(call: ModelCall & { doStream: () => PromiseLike<R> }): Promise<R>;
  /** For `wrapEmbeddingModel`. */
  wrapEmbed<R>(call: ModelCall & { doEmbed: () => PromiseLike<R> }): Promise<R>;
}

/**
 * Guards a model of the Vercel AI SDK: `wrapLanguageModel({ model, middleware: outlay.aiSdkMiddleware() })`. Each step
 * of `generateText` and `streamText` is a call of its own.
 */
export function aiSdkMiddleware(
  { guard }: GuardOwner,
  { tags, makeModel }: MiddlewareOptions = {},
): AiSdkMiddleware {
  const run = <R>(method: string, { model, params }: ModelCall, reader = responseReader) => {
    const toCall: LlmTags = { ...tags, ...tagsOfCall(model, params) };
    const call = (context: LlmContext): PromiseLike<R> => {
      const called = context.model === toCall.model ? model : reroute(model, context.model);
      const doCall = asFields(called)?.[method] as (params: object) => PromiseLike<R>;
      return doCall.call(called, { ...params, abortSignal: context.signal });
    };
    return guard.llm(call, toCall, reader) as Promise<R>;
  };
  const reroute = (model: object, modelId: string): object =>
    makeModel?.(modelId) ?? Object.create(model, { modelId: { value: modelId } });
  return {
    specificationVersion: "v3",
    wrapGenerate: (call) => run("doGenerate", call),
    wrapStream: (call) => run("doStream", call, resultReader),
    wrapEmbed: (call) => run("doEmbed", call),
  };
}

function tagsOfCall(model: ModelCall["model"], params: CallParams): LlmTags {
  // "openai.responses", "google.vertex.chat": the API is no part of the provider's name.
  const [maker = "", ...rest] = model.provider.split(".");
  return {
    model: model.modelId,
    provider: rest[0] === "vertex" ? "vertex" : maker,
    input: params.prompt ?? params,
    maxOutputTokens: params.maxOutputTokens,
    signal: params.abortSignal,
    content: { messages: params.prompt, tools: params.tools },
  };
}

/** Reads `{ stream, … }`, the result of `doStream`. */
const resultReader: ResponseReader = {
  isStream: (result) => responseReader.isStream(asFields(result)?.stream),
  readResponse: responseReader.readResponse,
  tapStream: (result, listener) => ({
    ...result,
    stream: responseReader.tapStream(asFields(result)?.stream, listener),
  }),
};
