import type { CountReader } from "@/lib/usage/count-reader";
import { sumReported, type UsageShape, usageOf } from "@/lib/usage/provider-usage";

/**
 * Anthropic's Messages usage. `input_tokens` is only what was neither read from nor written to a cache, so
 * the three are added. Source: https://docs.claude.com/en/api/messages, "usage".
 */
export const messagesUsage: UsageShape = (body) => {
  // Context compaction is billed but left out of the top-level counts; each iteration says its own.
  // Source: https://docs.claude.com/en/docs/build-with-claude/compaction, "Understanding usage".
  const parts = [body, ...body.list("iterations").filter(isCompaction)].map(readCounts);
  const sum = (name: keyof ReturnType<typeof readCounts>) =>
    sumReported(...parts.map((part) => part[name]));
  const tier = body.text("speed") === "fast" ? "fast" : body.text("service_tier");
  const geo = body.text("inference_geo");
  return {
    usage: usageOf({
      input_tokens: sumReported(sum("plain"), sum("read"), sum("write5m"), sum("write1h")),
      cache_read_tokens: sum("read"),
      cache_write_5m_tokens: sum("write5m"),
      cache_write_1h_tokens: sum("write1h"),
      output_tokens: sum("output"),
      reasoning_tokens: body.count("output_tokens_details", "thinking_tokens"),
      web_searches: body.count("server_tool_use", "web_search_requests"),
    }),
    ...(tier ? { serviceTier: tier } : {}),
    ...(geo && geo !== "not_available" ? { inferenceGeo: geo } : {}),
  };
};

function isCompaction(iteration: CountReader): boolean {
  return iteration.text("type") === "compaction";
}

function readCounts(body: CountReader) {
  const written = body.count("cache_creation_input_tokens");
  const write1h = body.count("cache_creation", "ephemeral_1h_input_tokens");
  const known5m = body.count("cache_creation", "ephemeral_5m_input_tokens");
  // Tokens whose lifetime is not named were written to the default cache, which lives 5 minutes.
  const rest = Math.max(0, (written ?? 0) - (write1h ?? 0) - (known5m ?? 0));
  return {
    plain: body.count("input_tokens"),
    read: body.count("cache_read_input_tokens"),
    write5m: sumReported(known5m, rest || undefined),
    write1h,
    output: body.count("output_tokens"),
  };
}
