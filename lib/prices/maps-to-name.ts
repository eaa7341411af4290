/**
 * How an override's `maps_to` names a model of the catalogue: as its provider does, or with that provider in front where
 * the calls are another one's ("openai/gpt-4o" for a deployment of one's own). Providers are normalised names.
 */
export function mapsToName(callProvider: string, priced: { provider: string; model: string }) {
  return callProvider.trim().toLowerCase() === priced.provider
    ? priced.model
    : `${priced.provider}/${priced.model}`;
}
