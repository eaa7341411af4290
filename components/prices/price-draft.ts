import { PRICE_FIELDS } from "@/components/prices/price-words";
import { parseDecimal } from "@/lib/money";
import { type OverridePriceField, PRICE_FRACTION_DIGITS } from "@/lib/prices/price-override";
import type { ServiceTier } from "@/lib/prices/price-record";
import type { PriceOverrideAnswer } from "@/lib/prices/price-schemas";
import { addDays, startOfDay } from "@/lib/zone-time";

/** A price as it is typed: text, until it is sent. */
export interface PriceDraft {
  kind: "map" | "own";
  provider: string;
  model: string;
  /** The catalogue model whose list prices hold; "" while none is chosen. */
  mapsTo: string;
  prices: Record<OverridePriceField, string>;
  /** Slug; null: every project. */
  project: string | null;
  tier: ServiceTier | "";
  region: string;
  contextOver: string;
  /** `always`: from the earliest time that a call can have. */
  holds: "always" | "now" | "date";
  /** `2026-11-21`, by the organisation's clock; both days included. */
  from: string;
  until: string;
  note: string;
}

/** Body of POST /api/prices, without what may be absent. */
export type PriceBody = Record<string, string | number | null> & { note: string };

/** A field of the form and what is wrong with it. */
export type DraftFaults = Partial<Record<OverridePriceField | keyof PriceDraft, string>>;

/** Events begin here: what holds from then on holds for every call there is. */
export const EARLIEST = "2020-01-01T00:00:00.000Z";

/** An empty price of a model. */
export function emptyDraft(given: Partial<PriceDraft>): PriceDraft {
  return {
    kind: "own",
    provider: "",
    model: "",
    mapsTo: "",
    prices: pricesOf({}),
    project: null,
    tier: "",
    region: "",
    contextOver: "",
    holds: "always",
    from: "",
    until: "",
    note: "",
    ...given,
  };
}

/** What follows an override: the same names and prices, from now on. */
export function draftOf(override: PriceOverrideAnswer): PriceDraft {
  return emptyDraft({
    kind: override.maps_to === null ? "own" : "map",
    provider: override.provider,
    model: override.model,
    mapsTo: override.maps_to ?? "",
    prices: pricesOf(override),
    project: override.project,
    tier: override.tier ?? "",
    region: override.region ?? "",
    contextOver: override.context_over === null ? "" : String(override.context_over),
    holds: "now",
  });
}

function pricesOf(given: Partial<Record<OverridePriceField, string | null>>) {
  return Object.fromEntries(PRICE_FIELDS.map((field) => [field, given[field] ?? ""])) as Record<
    OverridePriceField,
    string
  >;
}

/**
 * Reads a draft.
 * @returns the body to send, or what is wrong by field; never a number made of a price's text
 */
export function readDraft(
  draft: PriceDraft,
  timeZone: string,
): { body: PriceBody; faults: null } | { body: null; faults: DraftFaults } {
  const faults: DraftFaults = {};
  if (!draft.provider.trim()) faults.provider = "Name the provider as calls name it.";
  if (!draft.model.trim()) faults.model = "Name the model as calls name it.";
  const prices: Record<string, string> = {};
  for (const field of PRICE_FIELDS) {
    const text = draft.prices[field].trim().replace(/^\$/, "");
    if (text === "") continue;
    const value = parseDecimal(text, PRICE_FRACTION_DIGITS);
    if (value === null || value < 0n) {
      faults[field] = "A plain decimal of dollars with at most 9 decimals, such as 2.50.";
    } else prices[field] = text;
  }
  const isMapped = draft.kind === "map";
  if (isMapped && !draft.mapsTo) faults.mapsTo = "Choose a model of the catalogue.";
  const hasFault = PRICE_FIELDS.some((field) => faults[field]);
  if (!isMapped && Object.keys(prices).length === 0 && !hasFault) {
    faults.prices = "Set at least one price; 0 is free.";
  }
  const contextOver = draft.contextOver.trim();
  if (contextOver && !/^[1-9]\d{0,14}$/.test(contextOver)) {
    faults.contextOver = "A whole number of tokens.";
  }
  const from = startOf(draft, timeZone);
  const to = draft.until ? readDayStart(draft.until, timeZone, 1) : null;
  if (from === null) faults.from = "Choose a day.";
  if (to !== null && from !== null && from !== undefined && to <= from) {
    faults.until = "It ends before it begins.";
  }
  if (Object.keys(faults).length > 0) return { body: null, faults };
  const body: PriceBody = {
    provider: draft.provider.trim(),
    model: draft.model.trim(),
    ...prices,
    ...(draft.project === null ? {} : { project: draft.project }),
    ...(isMapped ? { maps_to: draft.mapsTo } : {}),
    ...(draft.tier ? { tier: draft.tier } : {}),
    ...(draft.region.trim() ? { region: draft.region.trim() } : {}),
    ...(contextOver ? { context_over: Number(contextOver) } : {}),
    ...(from ? { effective_from: from } : {}),
    ...(to ? { effective_to: to } : {}),
    note: draft.note.trim(),
  };
  return { body, faults: null };
}

/** undefined: now, by the server's clock; null: not chosen. */
function startOf({ holds, from }: PriceDraft, timeZone: string): string | null | undefined {
  if (holds === "always") return EARLIEST;
  return holds === "now" ? undefined : readDayStart(from, timeZone, 0);
}

/** Midnight that begins a day, or the day after it, as RFC 3339; null for no day. */
export function readDayStart(date: string, timeZone: string, daysAfter: 0 | 1): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (!match) return null;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const local = addDays({ year, month, day, hour: 0, minute: 0 }, daysAfter);
  return new Date(startOfDay(local, timeZone)).toISOString();
}
