import type { FieldError } from "@/lib/errors";
import { messagesUsage } from "@/lib/usage/anthropic-usage";
import { converseUsage } from "@/lib/usage/bedrock-usage";
import { countReader } from "@/lib/usage/count-reader";
import { generateContentUsage } from "@/lib/usage/google-usage";
import { chatCompletionsUsage, embeddingsUsage, responsesUsage } from "@/lib/usage/openai-usage";
import type { ProviderUsage, UsageShape } from "@/lib/usage/provider-usage";
import type { RawUsage, RawUsageApi } from "@/lib/usage/usage";

const SHAPES: Record<RawUsageApi, UsageShape> = {
  "openai.chat_completions": chatCompletionsUsage,
  "openai.responses": responsesUsage,
  "openai.embeddings": embeddingsUsage,
  "anthropic.messages": messagesUsage,
  "google.generateContent": generateContentUsage,
  "bedrock.converse": converseUsage,
};

/** The usage as normalised, or every fault of the body with its path (`raw_usage.body.prompt_tokens`). */
export type NormalisedUsage = ({ ok: true } & ProviderUsage) | { ok: false; errors: FieldError[] };

/**
 * Turns a provider's own usage object into our counts: parts are never added to their whole, and wholes that
 * a provider splits are added up. Absent and null members were not reported. Counts that contradict each
 * other are kept as they are; `checkUsage` finds them.
 * @param path where the object stands in what the caller sent, for the faults.
 */
export function normaliseRawUsage(raw: RawUsage, path = "raw_usage"): NormalisedUsage {
  const errors: FieldError[] = [];
  const read = SHAPES[raw.api](countReader(raw.body, `${path}.body`, errors));
  return errors.length ? { ok: false, errors } : { ok: true, ...read };
}
