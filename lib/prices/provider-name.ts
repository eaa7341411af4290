/**
 * Our name of each provider whose prices we know, with the spellings clients report: OpenTelemetry
 * `gen_ai.provider.name` and the older `gen_ai.system`, LangChain, LiteLLM and AI SDK ids. An exact table, never
 * a substring: "az.ai.openai" contains "openai" and is not OpenAI.
 */
const SPELLINGS: Record<string, readonly string[]> = {
  openai: ["openai_chat", "text-completion-openai"],
  azure: [
    "azure_openai",
    "azure-openai",
    "azure_ai",
    "azure.ai.openai",
    "azure.ai.inference",
    "az.ai.openai",
    "az.ai.inference",
    "azureopenai",
    "azure-cognitive-services",
    "microsoft.foundry",
    "azure.ai.foundry",
  ],
  anthropic: ["claude", "anthropic_text"],
  google: [
    "gemini",
    "gcp.gemini",
    "gcp.gen_ai",
    "google_genai",
    "google-genai",
    "google_ai",
    "google_ai_studio",
    "google-ai-studio",
    "google_generative_ai",
    "google-generativeai",
    "google.generative-ai",
    "generative_language",
    "googleai",
  ],
  vertex: [
    "vertex_ai",
    "vertexai",
    "vertex-ai",
    "gcp.vertex_ai",
    "gcp.vertex.agent",
    "google_vertexai",
    "google-vertex",
    "google_vertex",
    "google-vertex-anthropic",
    "vertex_ai_beta",
    "google.vertex",
  ],
  aws: [
    "bedrock",
    "aws_bedrock",
    "aws-bedrock",
    "aws.bedrock",
    "amazon_bedrock",
    "amazon-bedrock",
    "amazon.bedrock",
    "bedrock_converse",
    "bedrock-converse",
    "chatbedrock",
  ],
  deepseek: ["deepseek_ai", "deepseek-ai"],
  mistral: ["mistral_ai", "mistralai", "mistral-ai"],
  groq: ["groq_ai"],
  "x-ai": ["xai", "x_ai", "x.ai", "grok"],
  together: ["together_ai", "together-ai", "togetherai", "together.ai"],
  fireworks: ["fireworks_ai", "fireworks-ai", "fireworksai", "fireworks.ai"],
  cohere: ["cohere_chat", "cohere_ai", "cohereai"],
  openrouter: ["open_router", "openrouter.ai"],
  perplexity: ["perplexity_ai", "perplexity-ai", "pplx"],
  cerebras: ["cerebras_ai"],
  moonshotai: ["moonshot", "moonshot_ai", "moonshot-ai", "kimi"],
  cloudflare: ["workers-ai", "workers_ai", "cloudflare_workers_ai"],
  "github-copilot": ["copilot", "github_copilot"],
  voyageai: ["voyage", "voyage_ai"],
  zai: ["z.ai", "z-ai", "z_ai"],
  zhipuai: ["zhipu", "zhipu_ai"],
  novita: ["novita_ai", "novita-ai"],
  minimax: [],
  ovhcloud: ["ovh"],
  avian: [],
  arcee: ["arcee_ai"],
  baseten: [],
  cursor: [],
  doubleword: [],
  modal: [],
  quicksilverpro: [],
  typesafe: [],
  ...Object.fromEntries(
    [
      "cerebras",
      "fireworks-ai",
      "groq",
      "hyperbolic",
      "nebius",
      "novita",
      "nscale",
      "ovhcloud",
      "publicai",
      "sambanova",
      "together",
    ].map((host) => [`huggingface_${host}`, [`huggingface/${host}`, `huggingface:${host}`]]),
  ),
};

/** Programs that serve open weights on the operator's own machines: nobody publishes a price for those. */
const SELF_HOSTED: ReadonlySet<string> = new Set([
  "ollama",
  "ollama_chat",
  "vllm",
  "hosted_vllm",
  "sglang",
  "tgi",
  "text-generation-inference",
  "llama.cpp",
  "llama_cpp",
  "llamacpp",
  "llama-cpp",
  "llamafile",
  "lmstudio",
  "lm_studio",
  "lm-studio",
  "localai",
  "local",
  "self_hosted",
  "self-hosted",
  "xinference",
  "triton",
  "tensorrt-llm",
  "mlx",
  "gpt4all",
  "koboldcpp",
  "jan",
  "oobabooga",
  "aphrodite",
]);

/** Proxies that pass a call on: the model's prefix names the provider that bills it. */
const GATEWAYS: ReadonlySet<string> = new Set(["litellm", "litellm_proxy"]);

const NAME_BY_SPELLING = new Map(
  Object.entries(SPELLINGS).flatMap(([name, spellings]) =>
    [name, ...spellings].map((spelling): [string, string] => [spelling, name]),
  ),
);

/**
 * Our name of a provider: an entry of the table ("aws" for "aws.bedrock"), else the text in lower case, so that an
 * operator can set prices for a provider nobody else knows.
 */
export function normaliseProviderName(provider: string): string {
  const text = provider.trim().toLowerCase();
  const known = NAME_BY_SPELLING.get(text);
  if (known || SELF_HOSTED.has(text)) return known ?? text;
  // The AI SDK adds the API to the provider: "openai.responses", "amazon-bedrock.chat", "google.vertex.chat".
  const bare = text.replace(
    /\.(chat|responses|messages|completion|completions|embedding|embeddings|text-embedding|generative-ai)$/,
    "",
  );
  return NAME_BY_SPELLING.get(bare) ?? text;
}

/** True for a program that serves models on the operator's own machines. Takes a normalised name. */
export function isSelfHosted(provider: string): boolean {
  return SELF_HOSTED.has(provider);
}

/** True for a proxy in front of other providers. Takes a normalised name. */
export function isGateway(provider: string): boolean {
  return GATEWAYS.has(provider);
}

/** True for a provider of the table. Takes a normalised name. */
export function isKnownProvider(provider: string): boolean {
  return provider in SPELLINGS;
}

/** Every provider of the table. */
export function listProviderNames(): string[] {
  return Object.keys(SPELLINGS);
}
