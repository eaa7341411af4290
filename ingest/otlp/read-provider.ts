import {
  isGateway,
  isKnownProvider,
  isSelfHosted,
  normaliseProviderName,
} from "@/lib/prices/provider-name";

/** What clients write for a provider and is a framework, an API or nothing. */
const NO_PROVIDERS: ReadonlySet<string> = new Set([
  "_other",
  "agno",
  "ai",
  "autogen",
  "crewai",
  "dspy",
  "gcp.vertex.agent",
  "genkit",
  "haystack",
  "langchain",
  "langgraph",
  "llama_index",
  "llamaindex",
  "mastra",
  "microsoft.semantic_kernel",
  "none",
  "null",
  "openai_agents",
  "other",
  "pydantic_ai",
  "semantic_kernel",
  "smolagents",
  "spring_ai",
  "strands-agents",
  "strands",
  "undefined",
  "unknown",
]);

/** Whose model a bare name is. Only families that one maker sells under its own name. */
const MAKERS: readonly [RegExp, string][] = [
  // Bedrock's own names and profiles: "us.anthropic.claude-…-v1:0", "amazon.nova-lite-v1:0".
  [
    /^arn:aws:bedrock:|^((us|eu|apac|global|jp|au|ca|us-gov)\.)?(amazon|anthropic|meta|mistral|cohere|ai21|deepseek|qwen|openai)\.[a-z]/,
    "aws",
  ],
  [/^claude-/, "anthropic"],
  [
    /^(gpt-\d|gpt-image|chatgpt-|o[1345](-|$)|text-embedding-(3|ada)|dall-e|whisper|tts-1|codex-)/,
    "openai",
  ],
  [/^gemini-|^text-embedding-00|^gemini-embedding/, "google"],
  [/^grok-/, "x-ai"],
  [/^deepseek-(chat|reasoner|v\d)/, "deepseek"],
  [/^(mistral-(large|medium|small)|codestral|magistral|devstral|ministral)/, "mistral"],
  [/^(command-[ar]|embed-(english|multilingual)-v|rerank-)/, "cohere"],
  [/^voyage-/, "voyageai"],
  [/^sonar(-|$)/, "perplexity"],
];

/**
 * Our name of the provider that a client tells, else of the maker of the model.
 * @param told as clients write them, the most telling first
 * @param model null where none is named
 * @returns null where nobody can be named
 */
export function readProvider(told: readonly string[], model: string | null): string | null {
  const names = told
    .filter((name) => !NO_PROVIDERS.has(name.toLowerCase()))
    .map((name) => normaliseProviderName(name));
  const known = names.find((name) => isKnownProvider(name) || isSelfHosted(name));
  const adapted = splitModel(model)?.provider;
  if (adapted && !(known && isGateway(known))) return adapted;
  return known ?? names[0] ?? findMaker(model);
}

/** The name of a model without the provider that adapters write before it; null where none is named. */
export function readModelName(told: string | null): string | null {
  return splitModel(told)?.model ?? told;
}

/**
 * "anthropic.messages:claude-…" (the Agents SDK's adapter), "openai:gpt-…" (LangChain, Pydantic AI): theirs is what is
 * called, whatever else the framework says of itself. "mistral:7b" is a tag of Ollama's.
 */
function splitModel(told: string | null): { provider: string; model: string } | null {
  const [, prefix = "", model = ""] = /^([^:/]+):(.+)$/.exec(told?.trim() ?? "") ?? [];
  const provider = normaliseProviderName(prefix);
  return isKnownProvider(provider) && findMaker(model) ? { provider, model } : null;
}

function findMaker(model: string | null): string | null {
  const name =
    model
      ?.trim()
      .toLowerCase()
      .replace(/^models\//, "") ?? "";
  const slash = name.indexOf("/");
  // "anthropic/claude-…": gateways and frameworks write the provider before the model.
  const prefix = slash > 0 ? normaliseProviderName(name.slice(0, slash)) : null;
  if (prefix && isKnownProvider(prefix)) return prefix;
  return MAKERS.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
