import type { ResponseReader } from "../types.ts";
import { readResponse } from "./read-response.ts";
import { isStream, tapStream } from "./tap-stream.ts";

/** Reads what OpenAI, Anthropic, Google, Bedrock and the AI SDK answer, whole or in streams. */
export const responseReader: ResponseReader = { isStream, readResponse, tapStream };
