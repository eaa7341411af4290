import type { CountReader } from "@/lib/usage/count-reader";
import { sumReported, type UsageShape, usageOf } from "@/lib/usage/provider-usage";
import type { Usage } from "@/lib/usage/usage";

/** Vertex AI names the tier by the kind of traffic. */
const TIER_OF_TRAFFIC: Record<string, string> = {
  ON_DEMAND: "standard",
  ON_DEMAND_PRIORITY: "priority",
  ON_DEMAND_FLEX: "flex",
};

/**
 * Google's `usageMetadata`. `promptTokenCount` includes cached content, but results of tools
 * (`toolUsePromptTokenCount`) are input beside it, and thoughts are output beside `candidatesTokenCount`:
 * the opposite of OpenAI. Source: https://ai.google.dev/api/generate-content#UsageMetadata
 */
export const generateContentUsage: UsageShape = (body) => {
  const prompt = body.count("promptTokenCount");
  const thoughts = body.count("thoughtsTokenCount");
  // The Live API says "response" where generateContent says "candidates".
  const answer = body.count("candidatesTokenCount") ?? body.count("responseTokenCount");
  const answerDetails = [
    ...body.list("candidatesTokensDetails"),
    ...body.list("responseTokensDetails"),
  ];
  const promptDetails = [
    ...body.list("promptTokensDetails"),
    ...body.list("toolUsePromptTokensDetails"),
  ];
  const audio = sumOfModality(promptDetails, "AUDIO");
  const cachedAudio = sumOfModality(body.list("cacheTokensDetails"), "AUDIO");
  const usage: Usage = usageOf({
    input_tokens: sumReported(prompt, body.count("toolUsePromptTokenCount")),
    cache_read_tokens: body.count("cachedContentTokenCount"),
    input_audio_tokens: audio,
    // A part of the audio, so it says nothing where the prompt's modalities were left out.
    cache_read_audio_tokens: audio === undefined ? undefined : cachedAudio,
    output_tokens: sumReported(answer, thoughts),
    reasoning_tokens: thoughts,
    output_audio_tokens: sumOfModality(answerDetails, "AUDIO"),
  });
  // A drawn image costs ten times a written token on the image models, and there is no field for it.
  const images = sumOfModality(answerDetails, "IMAGE");
  if (images) usage.units = { output_image_tokens: images };
  const tier = body.text("serviceTier") ?? TIER_OF_TRAFFIC[body.text("trafficType") ?? ""];
  return { usage, ...(tier ? { serviceTier: tier.toLowerCase() } : {}) };
};

function sumOfModality(details: CountReader[], modality: string): number | undefined {
  return sumReported(
    ...details
      .filter((detail) => detail.text("modality") === modality)
      .map((detail) => detail.count("tokenCount")),
  );
}
