import type { OverlayEntry } from "@/lib/prices/overlay-entry";

/** Where each host publishes its prices; all rows were read in LiteLLM's map of 2026-05-01, which quotes them. */
const PAGES = {
  aws: "https://aws.amazon.com/bedrock/pricing/",
  cohere: "https://cohere.com/pricing",
  fireworks: "https://fireworks.ai/pricing",
  mistral: "https://mistral.ai/pricing",
  openrouter: "https://openrouter.ai/models",
  together: "https://www.together.ai/pricing",
  vertex: "https://cloud.google.com/vertex-ai/generative-ai/pricing",
  "x-ai": "https://docs.x.ai/docs/models",
} as const;

type Host = keyof typeof PAGES;

/** Host, normalised name, input, output (null for embeddings): US dollars for a million tokens. */
const ROWS: readonly [Host, string, string, string | null][] = [
  ["aws", "ai21.jamba-1-5-large-v1:0", "2", "8"],
  ["aws", "ai21.jamba-1-5-mini-v1:0", "0.2", "0.4"],
  ["aws", "amazon.titan-text-premier-v1:0", "0.5", "1.5"],
  ["aws", "anthropic.claude-instant-v1", "0.8", "2.4"],
  ["aws", "anthropic.claude-v2:1", "8", "24"],
  ["aws", "cohere.command-r-plus-v1:0", "3", "15"],
  ["aws", "cohere.command-r-v1:0", "0.5", "1.5"],
  ["aws", "cohere.command-text-v14", "1.5", "2"],
  ["aws", "cohere.embed-english-v3", "0.1", null],
  ["aws", "cohere.embed-multilingual-v3", "0.1", null],
  ["aws", "cohere.embed-v4:0", "0.12", null],
  ["aws", "deepseek.v3-v1:0", "0.58", "1.68"],
  ["aws", "meta.llama3-1-405b-instruct-v1:0", "5.32", "16"],
  ["aws", "us.meta.llama3-1-405b-instruct-v1:0", "5.32", "16"],
  ["aws", "mistral.mistral-large-2407-v1:0", "3", "9"],
  ["cohere", "embed-english-v3.0", "0.1", null],
  ["cohere", "embed-multilingual-v3.0", "0.1", null],
  ["fireworks", "accounts/fireworks/models/deepseek-r1", "3", "8"],
  ["fireworks", "accounts/fireworks/models/deepseek-v3", "0.9", "0.9"],
  ["fireworks", "accounts/fireworks/models/deepseek-v3p1", "0.56", "1.68"],
  ["fireworks", "accounts/fireworks/models/glm-4p6", "0.55", "2.19"],
  ["fireworks", "accounts/fireworks/models/kimi-k2-instruct", "0.6", "2.5"],
  ["fireworks", "accounts/fireworks/models/llama-v3p1-405b-instruct", "3", "3"],
  ["fireworks", "accounts/fireworks/models/llama-v3p1-70b-instruct", "0.9", "0.9"],
  ["fireworks", "accounts/fireworks/models/llama-v3p3-70b-instruct", "0.9", "0.9"],
  ["fireworks", "accounts/fireworks/models/mixtral-8x22b-instruct", "1.2", "1.2"],
  ["fireworks", "accounts/fireworks/models/mixtral-8x7b-instruct", "0.5", "0.5"],
  ["fireworks", "accounts/fireworks/models/qwen2p5-72b-instruct", "0.9", "0.9"],
  ["mistral", "codestral-mamba-latest", "0.25", "0.25"],
  ["mistral", "devstral-medium-2507", "0.4", "2"],
  ["mistral", "mistral-large-2402", "4", "12"],
  ["mistral", "open-mistral-nemo-2407", "0.3", "0.3"],
  ["mistral", "open-mixtral-8x22b", "2", "6"],
  ["mistral", "pixtral-12b-2409", "0.15", "0.15"],
  ["openrouter", "x-ai/grok-4", "3", "15"],
  ["together", "deepseek-ai/deepseek-r1", "3", "7"],
  ["together", "deepseek-ai/deepseek-v3", "1.25", "1.25"],
  ["together", "deepseek-ai/deepseek-v3.1", "0.6", "1.7"],
  ["together", "meta-llama/meta-llama-3.1-405b-instruct-turbo", "3.5", "3.5"],
  ["together", "moonshotai/kimi-k2-instruct", "1", "3"],
  ["together", "openai/gpt-oss-120b", "0.15", "0.6"],
  ["together", "openai/gpt-oss-20b", "0.05", "0.2"],
  ["together", "qwen/qwen3-coder-480b-a35b-instruct-fp8", "2", "2"],
  ["vertex", "codestral-2501", "0.2", "0.6"],
  ["vertex", "meta/llama-3.1-405b-instruct-maas", "5", "16"],
  ["vertex", "meta/llama-4-maverick-17b-128e-instruct-maas", "0.35", "1.15"],
  ["vertex", "meta/llama-4-scout-17b-16e-instruct-maas", "0.25", "0.7"],
  ["vertex", "mistral-large-2411", "2", "6"],
  ["x-ai", "grok-beta", "5", "15"],
];

/** Models that the catalogue does not know by the name in use at their host. */
export const OTHER_HOSTS: readonly OverlayEntry[] = ROWS.map(([host, exact, input, output]) => ({
  providers: [host],
  match: { exact },
  prices: { input, ...(output === null ? {} : { output }) },
  source: `${PAGES[host]}; LiteLLM`,
  checkedOn: "2026-11-22",
}));
