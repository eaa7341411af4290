/** Providers by the ends of their hosts' names, in the ledger's words. */
const HOSTS: readonly [RegExp, string][] = [
  [/\.azure\.com$/, "azure"],
  [/(^|-)aiplatform\.(googleapis|[\w.]*rep\.googleapis)\.com$/, "vertex"],
  [/generativelanguage\.googleapis\.com$/, "google"],
  [/\.amazonaws\.com$/, "aws"],
  [/\.openai\.com$/, "openai"],
  [/\.anthropic\.com$/, "anthropic"],
  [/(^|\.)openrouter\.ai$/, "openrouter"],
  [/\.groq\.com$/, "groq"],
  [/\.deepseek\.com$/, "deepseek"],
  [/\.mistral\.ai$/, "mistral"],
  [/\.x\.ai$/, "x-ai"],
  [/\.together\.(ai|xyz)$/, "together"],
  [/\.fireworks\.ai$/, "fireworks"],
  [/\.perplexity\.ai$/, "perplexity"],
  [/\.cerebras\.ai$/, "cerebras"],
  [/\.cohere\.(ai|com)$/, "cohere"],
  [/\.moonshot\.(ai|cn)$/, "moonshotai"],
];

/**
 * Who is called at this address.
 * @returns undefined for one that nobody knows: a gateway or a server of one's own, where the model's name says more
 */
export function nameProvider(baseUrl: unknown): string | undefined {
  const [, hostname] = /^https?:\/\/([^/:?]+)/.exec(String(baseUrl)) ?? [];
  return HOSTS.find(([host]) => hostname && host.test(hostname))?.[1];
}
