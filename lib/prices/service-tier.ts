/** Spellings of the tiers by providers, as their responses say it. */
const TIER_BY_SPELLING: Readonly<Record<string, string>> = {
  default: "standard",
  auto: "standard",
  on_demand: "standard",
  ondemand: "standard",
  standard_only: "standard",
  batches: "batch",
};

/**
 * The tier a call was served in, in the contract's words; a missing one is standard. An unknown word stays as it is, and
 * has no price: guessing "standard" for it would be too low or too high without a sign.
 */
export function normaliseServiceTier(tier: string | null): string {
  const text = tier?.trim().toLowerCase() || "standard";
  return TIER_BY_SPELLING[text] ?? text;
}
