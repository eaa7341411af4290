import type { Tags } from "../types.ts";
import {
  type AiSdkMiddleware,
  aiSdkMiddleware,
  type MiddlewareOptions,
} from "./ai-sdk-middleware.ts";
import type { GuardOwner } from "./guard-request.ts";
import { wrapAnthropic } from "./wrap-anthropic.ts";
import { wrapGoogle } from "./wrap-google.ts";
import { wrapOpenAI } from "./wrap-openai.ts";

/** Guards clients of providers in one line each; `tags` are of every call of that client. */
export interface Wrappers {
  /** A client of `openai`, also of whoever else speaks its API. */
  wrapOpenAI<C extends object>(client: C, tags?: Tags): C;
  /** A client of `@anthropic-ai/sdk`. */
  wrapAnthropic<C extends object>(client: C, tags?: Tags): C;
  /** A client of `@google/genai`. */
  wrapGoogle<C extends object>(client: C, tags?: Tags): C;
  /** For the Vercel AI SDK's `wrapLanguageModel`. */
  aiSdkMiddleware(options?: MiddlewareOptions): AiSdkMiddleware;
}

export function makeWrappers(owner: GuardOwner): Wrappers {
  return {
    wrapOpenAI: (client, tags) => wrapOpenAI(owner, client, tags),
    wrapAnthropic: (client, tags) => wrapAnthropic(owner, client, tags),
    wrapGoogle: (client, tags) => wrapGoogle(owner, client, tags),
    aiSdkMiddleware: (options) => aiSdkMiddleware(owner, options),
  };
}
