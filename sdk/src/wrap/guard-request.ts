import { asFields, type Fields, listFields } from "../providers/fields.ts";
import { nameMaker } from "../providers/name-maker.ts";
import { responseReader } from "../providers/response-reader.ts";
import { isStream } from "../providers/tap-stream.ts";
import type { LlmContext, LlmGuard, LlmTags, Tags } from "../types.ts";
import { type GuardedCall, GuardedPromise, isClientPromise } from "./guarded-promise.ts";
import type { GuardMethod } from "./wrap-client.ts";

/** What the wrappers need of an Outlay. */
export interface GuardOwner {
  guard: LlmGuard;
}

export interface RequestTags {
  owner: GuardOwner;
  provider: string | undefined;
  /** Of every call of this client. */
  tags: Tags | undefined;
  /** Streams say their usage only if the request asks for it. */
  isUsageAsked?: boolean;
}

/** Guards a method `(body, options)` that gives a client's promise. */
export function guardRequest(about: RequestTags): GuardMethod {
  const { owner, provider, tags } = about;
  return (method) =>
    (...values) => {
      const [given, givenOptions, ...rest] = values;
      const body = asFields(given);
      if (!body) return method(...values);
      const options = asFields(givenOptions) ?? {};
      const withUsage = about.isUsageAsked ? askForUsage(body) : null;
      const toCall: LlmTags = {
        ...tags,
        ...tagsOfRequest(body, provider),
        signal: options.signal as AbortSignal | undefined,
      };
      const request = (context: LlmContext): unknown =>
        method(
          {
            ...(withUsage ?? body),
            ...(context.model !== toCall.model && { model: context.model }),
          },
          { ...options, signal: context.signal },
          ...rest,
        );
      const isStreamed = body.stream === true;
      return startCall(owner.guard, request, toCall, {
        isStreamed,
        hidesUsage: withUsage !== null,
      });
    };
}

function startCall(
  guard: LlmGuard,
  request: (context: LlmContext) => unknown,
  tags: LlmTags,
  { isStreamed, hidesUsage }: { isStreamed: boolean; hidesUsage: boolean },
): GuardedPromise {
  let made: ReturnType<GuardedCall["made"]> = null;
  const call: GuardedCall = { data: Promise.resolve(), made: () => made, isRaw: false, isStreamed };
  const answered = guard.llm(
    async (context) => {
      const promise = request(context);
      if (!isClientPromise(promise)) return promise;
      made = promise;
      const response = await promise.asResponse();
      // The client's own retries are not seen one by one, but that there were some is.
      const props = asFields(await promise.responsePromise);
      if (props?.retryOfRequestLogID) tags.attempt ??= 2;
      if (!call.isRaw) return promise;
      return isStream(response) ? response : readCopy(response);
    },
    tags,
    responseReader,
  );
  call.data = hidesUsage ? answered.then(hideUsage) : answered;
  return new GuardedPromise(call);
}

async function readCopy(response: Response): Promise<unknown> {
  try {
    return await response.clone().json();
  } catch {
    // No JSON says no usage; the caller has the response itself.
    return null;
  }
}

function tagsOfRequest(body: Fields, provider: string | undefined): LlmTags {
  const model = String(body.model ?? "");
  const limit = body.max_completion_tokens ?? body.max_output_tokens ?? body.max_tokens;
  const answers = typeof body.n === "number" ? body.n : 1;
  const tier = body.service_tier;
  return {
    model,
    provider: provider ?? nameMaker(model),
    input: body,
    ...(typeof limit === "number" && { maxOutputTokens: limit * answers }),
    ...(typeof tier === "string" && tier !== "auto" && { service_tier: tier }),
    content: {
      system: body.system ?? body.instructions,
      messages: body.messages ?? body.input ?? body.prompt,
      tools: body.tools,
    },
  };
}

/** The body that asks for the usage of a stream, which is left out unless asked for; null: as it is. */
function askForUsage(body: Fields): Fields | null {
  const options = asFields(body.stream_options);
  if (!body.stream || options?.include_usage !== undefined) return null;
  return { ...body, stream_options: { ...options, include_usage: true } };
}

/** Takes the chunk that only has the usage out of a stream whose reader did not ask for it. */
function hideUsage(stream: unknown): unknown {
  const own = asFields(stream);
  if (typeof own?.iterator !== "function") return stream;
  const begin = own.iterator.bind(own) as () => AsyncIterator<unknown>;
  own.iterator = async function* () {
    for await (const chunk of { [Symbol.asyncIterator]: begin }) {
      const { choices, usage } = asFields(chunk) ?? {};
      const isOnlyUsage = usage && Array.isArray(choices) && listFields(choices).length === 0;
      if (!isOnlyUsage) yield chunk;
    }
  };
  return stream;
}
