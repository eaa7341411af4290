import { unitCountOf } from "@/lib/prices/price-class";
import { OVERRIDE_PRICES, type OverridePriceField } from "@/lib/prices/price-override";

const CLASS_LABELS: Readonly<Record<string, string>> = {
  input: "Input",
  cache_read: "Cached input",
  cache_write_5m: "Cache write, 5 min",
  cache_write_1h: "Cache write, 1 h",
  input_audio: "Audio input",
  cache_read_audio: "Cached audio",
  output: "Output",
  output_audio: "Audio output",
  reasoning: "Reasoning",
  output_image_tokens: "Image output",
  citation_tokens: "Citations",
  web_searches: "Web searches",
  gpu_seconds: "GPU time",
  requests: "Requests",
  seconds: "Audio time",
};

/** What a price class is called on a screen. */
export function classLabel(priceClass: string): string {
  const known = CLASS_LABELS[priceClass];
  if (known) return known;
  const words = priceClass.replaceAll("_", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** How much a price buys, in words: `1M`, `1,000`, `hour`, `each`. */
export function unitLabel(priceClass: string): string {
  const units = unitCountOf(priceClass);
  if (units === 1_000_000) return "1M";
  if (units === 3_600) return "hour";
  return units === 1 ? "each" : units.toLocaleString("en-US");
}

/**
 * A price as it is stored, every digit of it, with at least two decimals: `$2.50`, `$0.0000375`. Text to text: a price
 * that was rounded would not be the one that is billed.
 * @param usd plain decimal string
 */
export function formatPrice(usd: string): string {
  const [whole = "0", fraction = ""] = usd.split(".");
  return `$${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${fraction.padEnd(2, "0")}`;
}

/** The fields of an override in the order of its form. */
export const PRICE_FIELDS = Object.keys(OVERRIDE_PRICES) as OverridePriceField[];

/** A field's label in the form: `Input, per 1M tokens`. */
export function fieldLabel(field: OverridePriceField): string {
  const priceClass = OVERRIDE_PRICES[field];
  if (priceClass === "web_searches") return "Web searches, per 1,000";
  if (priceClass === "gpu_seconds") return "GPU time, per hour";
  return `${classLabel(priceClass)}, per 1M tokens`;
}

/** The prices that an override sets, as `[label, price]`. */
export function listSetPrices(
  override: Readonly<Partial<Record<OverridePriceField, string | null>>>,
): [label: string, price: string][] {
  return PRICE_FIELDS.flatMap((field): [string, string][] => {
    const usd = override[field];
    if (usd === null || usd === undefined) return [];
    const priceClass = OVERRIDE_PRICES[field];
    return [[classLabel(priceClass), `${formatPrice(usd)} / ${unitLabel(priceClass)}`]];
  });
}
