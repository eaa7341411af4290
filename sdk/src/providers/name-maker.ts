/**
 * Whose model it is by its name, where nobody says who is called. OpenAI's only: its API is spoken by many, so a
 * response of its shape says nothing of who answered.
 */
export function nameMaker(model: string | null): string | undefined {
  return /^(gpt-|o\d|chatgpt-|text-embedding-|codex)/.test(model ?? "") ? "openai" : undefined;
}
