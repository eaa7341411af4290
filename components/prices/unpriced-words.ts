import { classLabel } from "@/components/prices/price-words";
import type { UnpricedModel } from "@/lib/prices/unpriced-schemas";

type Reason = UnpricedModel["reasons"][number];

/** Why a call has no whole price, and what would mend it. */
export interface ReasonWords {
  text: string;
  /** A price, or a mapping to one, would mend it; else its sender has to. */
  isMendedByPrice: boolean;
}

const BY_CODE: Readonly<Record<string, ReasonWords>> = {
  unknown_model: { text: "No price source knows this model.", isMendedByPrice: true },
  self_hosted_without_price: {
    text: "It runs on machines of your own: nobody publishes a price.",
    isMendedByPrice: true,
  },
  unknown_provider: {
    text: "The calls name no provider, so nobody knows who bills them. Their sender has to name it.",
    isMendedByPrice: false,
  },
  no_usage: {
    text: "The calls came without usage: there is nothing to multiply a price with. Their sender has to report it.",
    isMendedByPrice: false,
  },
};

/** The words for one reason. A code with a detail (`no_price_for:output_audio`) names the detail. */
export function reasonWords({ cost_status, cost_reason }: Reason): ReasonWords {
  const known = BY_CODE[cost_reason];
  if (known) return known;
  const [code = "", detail = ""] = cost_reason.split(":");
  if (code === "no_price_for") {
    const classes = detail.split(",").map((one) => classLabel(one).toLowerCase());
    return { text: `No price for ${classes.join(", ")}.`, isMendedByPrice: true };
  }
  if (code === "no_price_for_tier") {
    return { text: `No price for the ${detail} tier.`, isMendedByPrice: true };
  }
  if (cost_status === "invalid_usage") {
    const text = `The counts contradict each other (${cost_reason.replaceAll("_", " ").replace(":", ": ")}). Mend them at their source.`;
    return { text, isMendedByPrice: false };
  }
  return { text: `${cost_reason.replaceAll("_", " ")}.`, isMendedByPrice: false };
}

/** What can be done about a model's calls. */
export type Remedy = "price" | "reprice" | "sender";

/**
 * What mends most of a model's calls. A model that today's book knows although its calls say that nobody does has got its
 * price since: they only wait for a reprice. A price can be tied to named calls only.
 */
export function chooseRemedy(
  unpriced: Pick<UnpricedModel, "provider" | "model" | "matched" | "reasons">,
): Remedy {
  const isNamed = unpriced.provider !== null && unpriced.model !== null;
  const mended = unpriced.reasons.filter((reason) => reasonWords(reason).isMendedByPrice);
  if (!isNamed || mended.length === 0) return "sender";
  const wasUnknown = mended.some(({ cost_reason }) => UNKNOWN.includes(cost_reason));
  return wasUnknown && unpriced.matched !== null ? "reprice" : "price";
}

const ORDER: Record<Remedy, number> = { reprice: 0, price: 1, sender: 2 };

/** What a person can mend here comes before what only a sender can; within each the order stays, most calls first. */
export function sortByRemedy<Model extends Parameters<typeof chooseRemedy>[0]>(
  models: readonly Model[],
): Model[] {
  return [...models].sort((a, b) => ORDER[chooseRemedy(a)] - ORDER[chooseRemedy(b)]);
}

const UNKNOWN = ["unknown_model", "self_hosted_without_price"];
