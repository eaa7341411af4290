import { findProvider } from "@pydantic/genai-prices";
import { genaiCatalogue } from "@/lib/prices/genai-catalogue";
import { normaliseModelName } from "@/lib/prices/model-name";
import { RecentMap } from "@/lib/recent-map";

/** Names repeat; the bound is for clients that make names up. */
const MAX_WINDOWS = 10_000;
const windows = new RecentMap<{ tokens: number | null }>(MAX_WINDOWS);

/**
 * How many tokens a model takes at once, by the price catalogue.
 * @returns null where the catalogue does not know the model, or says nothing of its window
 */
export function findContextWindow(provider: string, model: string): number | null {
  if (provider === "" || model === "") return null;
  return windows.getOrMake(`${provider}\n${model}`, () => ({ tokens: find(provider, model) }))
    .tokens;
}

/** Google's models are one list in the catalogue, whichever cloud sells them. */
function find(givenProvider: string, givenModel: string): number | null {
  const { provider, model } = normaliseModelName(givenProvider, givenModel);
  const found = model === null ? null : genaiCatalogue.find(provider, model);
  if (!found) return null;
  const listed = findProvider({ providerId: provider === "vertex" ? "google" : provider });
  const info = listed?.models.find(({ id }) => id === found.model);
  return info?.context_window ?? null;
}
