import type { AlertKind, Audience } from "@/lib/alerts/alert";

interface KindWords {
  /** As the choice of a filter and the title of its rule. */
  label: string;
  /** What is looked for, a sentence. */
  meaning: string;
}

/** What Outlay tells of, in the order in which one asks for it. */
export const KIND_WORDS: Readonly<Record<AlertKind, KindWords>> = {
  threshold: { label: "Budget stage", meaning: "A budget passed one of its stages." },
  spike: {
    label: "Spike",
    meaning: "An hour of a project, an agent or a feature costs a multiple of what is usual.",
  },
  forecast: {
    label: "Forecast",
    meaning: "At the rate of its period a budget ends before the period does.",
  },
  silence: {
    label: "Silence",
    meaning: "What sent events stopped. Caps are blind without them.",
  },
  unpriced: {
    label: "Unpriced calls",
    meaning: "A model has no price, or too large a share of a day's calls has none.",
  },
  unreserved: {
    label: "Unreserved spending",
    meaning: "A strict budget was spent from by calls that had reserved nothing of it.",
  },
};

/** Whom a channel speaks to, as it stands in a sentence. */
export const AUDIENCE_WORDS: Readonly<Record<Audience, string>> = {
  lead: "the lead",
  finance: "finance",
  engineering: "engineering",
};

/** `the lead`, `finance and engineering`; `nobody` for none. */
export function sayAudience(audience: readonly Audience[]): string {
  const words = audience.map((one) => AUDIENCE_WORDS[one]);
  if (words.length < 2) return words[0] ?? "nobody";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
