import type { ErrorType, ReadCall, ReadHint } from "../types.ts";
import { countTokens } from "./count-tokens.ts";
import { asCount, asFields, asText, type Fields, listFields } from "./fields.ts";
import { nameMaker } from "./name-maker.ts";
import { type FoundUsage, readUsage } from "./read-usage.ts";

/** Members that only an answer of a model has: with one of them, a response is read also where it has no usage. */
const MEMBERS_OF_ANSWERS = ["choices", "candidates", "output", "usageMetadata"];

/** Whose API it is where the caller does not say. OpenAI's is spoken by many, so there the model's name decides. */
const OWNERS: Record<string, string> = {
  "anthropic.messages": "anthropic",
  "google.generateContent": "google",
  "bedrock.converse": "aws",
};

/**
 * Reads a whole response by its shape: OpenAI's, Anthropic's, Google's, Bedrock's and the AI SDK's.
 * @returns null where it says nothing of a call: then nothing is known of what was used
 */
export function readResponse(response: unknown, hint: ReadHint): ReadCall | null {
  const found = asFields(response);
  // The getters of streamText's result read its stream to the end: it is not touched.
  if (!found || "consumeStream" in found) return null;
  const usage = readUsage(found, hint.provider);
  const inner = asFields(found.response);
  const isAnswer =
    found.type === "message" || inner?.modelId || MEMBERS_OF_ANSWERS.some((name) => name in found);
  if (!usage && !isAnswer) return null;
  const body = usage?.rawUsage?.body;
  const model = asText(found.model) ?? asText(found.modelVersion) ?? asText(inner?.modelId);
  const errorType = readErrorType(found);
  return {
    provider: hint.provider ?? findOwner(usage, model),
    model,
    rawUsage: usage?.rawUsage ?? null,
    usage: usage?.usage ?? null,
    ...countFound(usage, found),
    serviceTier:
      asText(found.service_tier) ?? (body?.speed === "fast" ? "fast" : asText(body?.service_tier)),
    inferenceGeo: asText(body?.inference_geo),
    responseId: asText(found.id) ?? asText(found.responseId) ?? asText(inner?.id),
    ...(errorType && { errorType }),
    ...(hint.content && {
      completion:
        found.choices ?? found.candidates ?? found.output ?? found.content ?? found.text ?? null,
    }),
  };
}

function findOwner(usage: FoundUsage | null, model: string | null): string | null {
  const owner = OWNERS[usage?.rawUsage?.api ?? ""];
  return owner ?? nameMaker(model) ?? null;
}

type Counts = ReturnType<typeof countTokens>;

function countFound(found: FoundUsage | null, response: Fields): Counts {
  const { rawUsage, usage } = found ?? {};
  const counts: Counts = rawUsage
    ? countTokens(rawUsage.api, rawUsage.body)
    : {
        inputTokens: usage?.input_tokens ?? null,
        outputTokens: usage?.output_tokens ?? null,
        cacheReadTokens: usage?.cache_read_tokens ?? null,
        cacheWriteTokens: usage?.cache_write_5m_tokens ?? null,
      };
  // OpenAI lists its searches among what it put out.
  const isListed = rawUsage?.api === "openai.responses" && Array.isArray(response.output);
  const searches = listFields(response.output).filter(({ type }) => type === "web_search_call");
  return isListed ? { ...counts, webSearches: searches.length } : counts;
}

function readErrorType(response: Fields): ErrorType | null {
  const error = asFields(response.error);
  if (response.status !== "failed" && !error) return null;
  const told = asText(error?.code) ?? asText(error?.type) ?? "";
  if (/rate_limit/.test(told) || asCount(error?.statusCode) === 429) return "rate_limit";
  return /^invalid/.test(told) ? "validation" : "unknown";
}
