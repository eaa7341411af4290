import type { CostStatus } from "@/lib/prices/price";

interface StatusWords {
  label: string;
  variant: "neutral" | "good" | "caution" | "danger";
  /** What the status says about the figure, in one sentence. */
  meaning: string;
}

const WORDS: Record<CostStatus, StatusWords> = {
  priced: { label: "Priced", variant: "good", meaning: "Everything that was used has a price." },
  partial: {
    label: "At least",
    variant: "caution",
    meaning: "A part of what was used has no known price; the cost is the known part.",
  },
  unpriced: {
    label: "Unpriced",
    variant: "caution",
    meaning: "The cost is unknown; it is counted as unknown, never as zero.",
  },
  invalid_usage: {
    label: "Invalid usage",
    variant: "danger",
    meaning: "The counts contradict each other, so no cost can be told from them.",
  },
  provided: {
    label: "As reported",
    variant: "neutral",
    meaning: "The cost is the one the caller reported.",
  },
  estimated: {
    label: "Estimated",
    variant: "neutral",
    meaning: "The usage was estimated, so the cost is an estimate too.",
  },
};

/** The words for a cost status; the colour of its badge only repeats them. */
export function costStatusWords(status: CostStatus): StatusWords {
  return WORDS[status];
}

const REASONS: Record<string, string> = {
  unknown_model: "No price source knows this model.",
  no_usage: "The call came without usage.",
  not_billed: "A failed call of this kind is not billed.",
  self_hosted_without_price: "The model is self-hosted and has no price of yours.",
};

/** A cost reason in words; a code with a detail (`no_price_for:output_audio`) keeps its detail. */
export function costReasonText(reason: string): string {
  const known = REASONS[reason];
  if (known) return known;
  const [code = "", detail] = reason.split(":");
  if (code === "part_over_whole" && detail) {
    return `More ${detail.replaceAll("_", " ")} than there can be: a part is larger than its whole.`;
  }
  const words = code.replaceAll("_", " ");
  const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return detail
    ? `${sentence}: ${detail.replaceAll("_", " ").replaceAll(",", ", ")}.`
    : `${sentence}.`;
}
