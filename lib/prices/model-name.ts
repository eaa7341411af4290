import { isGateway, isKnownProvider, normaliseProviderName } from "@/lib/prices/provider-name";

/** A provider and model as the price layers know them. */
export interface ModelName {
  provider: string;
  /** null: the text says nothing about the model (a private deployment or profile). */
  model: string | null;
}

/**
 * Strips from a model's name what is not its name: resource paths, Bedrock ARNs and the prefix a gateway adds when it
 * repeats the provider ("groq/llama-…" from groq). It never guesses: what it does not know it leaves.
 */
export function normaliseModelName(provider: string, model: string): ModelName {
  const normalised = normaliseProviderName(provider);
  const text = model.trim().toLowerCase();
  if (isGateway(normalised)) return behindGateway(normalised, text);
  if (text.startsWith("arn:")) return { provider: normalised, model: ofArn(text) };
  return { provider: normalised, model: stripPrefixes(normalised, stripPath(text)) };
}

/** LiteLLM's own names begin with the provider; without one the biller is unknown, so there is no price. */
function behindGateway(gateway: string, text: string): ModelName {
  const slash = text.indexOf("/");
  const provider = slash > 0 ? normaliseProviderName(text.slice(0, slash)) : gateway;
  if (provider === gateway || isGateway(provider)) return { provider: gateway, model: text };
  return normaliseModelName(provider, text.slice(slash + 1));
}

/**
 * An inference profile or foundation model names its model; an application inference profile, a provisioned or an
 * imported model has an id of the account's own, which says nothing until an operator maps it.
 */
function ofArn(arn: string): string | null {
  const match = /:(?:inference-profile|foundation-model)\/(.+)$/.exec(arn);
  return match?.[1] ?? null;
}

/** `models/x`, `publishers/p/models/x`, `projects/…/locations/…/publishers/p/models/x` -> `x`. */
function stripPath(text: string): string {
  return text.replace(
    /^(?:projects\/[^/]+\/locations\/[^/]+\/)?(?:publishers\/[^/]+\/)?models\//,
    "",
  );
}

/** How deep gateways nest prefixes: `bedrock/converse/us-east-1/x` is the longest seen. */
const MAX_PREFIXES = 3;

function stripPrefixes(provider: string, text: string): string {
  let name = text;
  for (let depth = 0; depth < MAX_PREFIXES; depth += 1) {
    const slash = name.indexOf("/");
    if (slash <= 0 || !isOwnPrefix(provider, name.slice(0, slash), name.slice(slash + 1))) break;
    name = stripPath(name.slice(slash + 1));
  }
  return name;
}

function isOwnPrefix(provider: string, prefix: string, rest: string): boolean {
  const named = normaliseProviderName(prefix);
  // OpenRouter's own models are "openrouter/auto": only a prefix before "vendor/model" is a gateway's.
  if (provider === "openrouter") return named === "openrouter" && rest.includes("/");
  // LiteLLM writes Bedrock's route and region before the model.
  if (provider === "aws")
    return (
      named === "aws" ||
      prefix === "converse" ||
      prefix === "invoke" ||
      /^[a-z]{2}(-gov)?-[a-z]+-\d$/.test(prefix)
    );
  if (named === provider) return true;
  // "gemini/…" and "google/…" before a Vertex model, "anthropic/claude…" before one on Vertex or Azure.
  return isKnownProvider(named) && isHostOf(provider, named);
}

const MAKERS_BY_HOST: Record<string, readonly string[]> = {
  vertex: ["google", "anthropic", "mistral"],
  google: ["vertex"],
  azure: ["openai", "anthropic", "deepseek", "x-ai", "mistral", "cohere"],
};

/** A cloud sells models of these makers under their own names. */
function isHostOf(host: string, maker: string): boolean {
  return MAKERS_BY_HOST[host]?.includes(maker) ?? false;
}
