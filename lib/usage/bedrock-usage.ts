import type { CountReader } from "@/lib/usage/count-reader";
import { sumReported, type UsageShape, usageOf } from "@/lib/usage/provider-usage";

/**
 * Bedrock's Converse usage. `inputTokens` leaves out what was read from or written to a cache, so the three
 * are added; `cacheDetails` splits the writes by lifetime.
 * Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
 */
export const converseUsage: UsageShape = (body) => {
  const read = body.count("cacheReadInputTokens") ?? body.count("cacheReadInputTokenCount");
  const written = body.count("cacheWriteInputTokens") ?? body.count("cacheWriteInputTokenCount");
  const details = body.list("cacheDetails");
  const known5m = sumOfTtl(details, "5m");
  const write1h = sumOfTtl(details, "1h");
  // Writes without a lifetime go to the default cache of 5 minutes.
  const rest = Math.max(0, (written ?? 0) - known5m - write1h);
  const isWritten = written !== undefined || details.length > 0;
  return {
    usage: usageOf({
      input_tokens: sumReported(
        body.count("inputTokens"),
        read,
        isWritten ? known5m + rest + write1h : undefined,
      ),
      cache_read_tokens: read,
      cache_write_5m_tokens: known5m + rest,
      cache_write_1h_tokens: write1h,
      output_tokens: body.count("outputTokens"),
    }),
  };
};

function sumOfTtl(details: CountReader[], ttl: string): number {
  return details
    .filter((detail) => detail.text("ttl") === ttl)
    .reduce((sum, detail) => sum + (detail.count("inputTokens") ?? 0), 0);
}
