import type { FemtoUsd } from "@/lib/money";
import { formatUsd, parseUsd } from "@/lib/money";
import { type PriceClass, unitCountOf } from "@/lib/prices/price-class";

export const SERVICE_TIERS = ["standard", "batch", "flex", "priority", "fast"] as const;
export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** A price for `unitCountOf(class)` units. */
export interface UnitPrice {
  femtoUsd: FemtoUsd;
  /** The same as a plain decimal string of US dollars. */
  usd: string;
  /** Femto-dollars of one unit; null where they are no whole number, and the product is divided and rounded. */
  femtoUsdPerUnit: FemtoUsd | null;
}

export type UnitPrices = ReadonlyMap<PriceClass, UnitPrice>;

/** A call is long when its ALL input tokens are more than `over` (or as many, where `isInclusive`). */
export interface ContextThreshold {
  over: number;
  isInclusive: boolean;
}

/** Hours of the day in minutes after midnight UTC, half-open; `from` past `to` goes through midnight. */
export interface HoursUtc {
  from: number;
  to: number;
  /** Monday to Friday only, by the UTC date. */
  isWeekdays?: true;
}

/**
 * One price of one model: the shape of the catalogue, of our overlay and of operator overrides alike.
 * It holds for calls whose start is in [effectiveFromMs, effectiveToMs), in its hours, of its tier and place,
 * and past its context threshold. Records are never changed: a new price closes the old one.
 */
export interface PriceRecord {
  /** The name shown as what matched. */
  model: string;
  /** null: every tier. */
  tier: ServiceTier | null;
  /** null: every place. */
  region: string | null;
  context: ContextThreshold | null;
  hoursUtc: HoursUtc | null;
  effectiveFromMs: number;
  effectiveToMs: number;
  prices: UnitPrices;
  /** Classes that are billed as another one by a rule of the provider, not for want of a price. */
  billedAs: Readonly<Record<PriceClass, PriceClass>>;
  /** Classes that every call is billed for, whether or not its usage reports them. */
  alsoBilled: readonly PriceClass[];
  /** Adds to the layer below; otherwise it replaces the whole model there. */
  extends: boolean;
  /** Which layer: `override:<id>`, `overlay`, `genai-prices`. */
  layer: string;
  /** Where the number was read, and on which day. */
  source: string;
  checkedOn: string;
}

/** What a record is chosen by. */
export interface PriceQuery {
  tier: string;
  region: string | null;
  timestampMs: number;
  inputTokens: number;
}

/**
 * True where a record holds for a call that was served in `tier`. Times are compared as they are: a call in the last
 * millisecond before a change has the old price.
 */
export function holds(record: PriceRecord, query: PriceQuery, tier = query.tier): boolean {
  if (record.tier !== null && record.tier !== tier) return false;
  if (record.region !== null && record.region !== query.region) return false;
  if (query.timestampMs < record.effectiveFromMs) return false;
  if (query.timestampMs >= record.effectiveToMs) return false;
  if (record.context && !isLong(record.context, query.inputTokens)) return false;
  return !record.hoursUtc || isInHours(record.hoursUtc, query.timestampMs);
}

/** Reads a price of `unitCountOf(priceClass)` units. @returns null for what is no plain, non-negative decimal. */
export function parseUnitPrice(priceClass: PriceClass, usd: string): UnitPrice | null {
  const femtoUsd = parseUsd(usd);
  return femtoUsd === null || femtoUsd < 0n ? null : unitPrice(priceClass, femtoUsd);
}

/** A price of `unitCountOf(priceClass)` units in femto-dollars. */
export function unitPrice(priceClass: PriceClass, femtoUsd: FemtoUsd): UnitPrice {
  const unitCount = BigInt(unitCountOf(priceClass));
  // GPU time is counted in microseconds, so its price is never one of a unit.
  const isWhole = femtoUsd % unitCount === 0n && priceClass !== "gpu_seconds";
  return {
    femtoUsd,
    usd: formatUsd(femtoUsd),
    femtoUsdPerUnit: isWhole ? femtoUsd / unitCount : null,
  };
}

/** Orders records of one model: those of one tier, one place and a longer context first, then later ones. */
export function bySpecificity(a: PriceRecord, b: PriceRecord): number {
  return (
    Number(b.tier !== null) - Number(a.tier !== null) ||
    Number(b.region !== null) - Number(a.region !== null) ||
    (b.context?.over ?? -1) - (a.context?.over ?? -1) ||
    Number(b.hoursUtc !== null) - Number(a.hoursUtc !== null) ||
    compareTimes(b.effectiveFromMs, a.effectiveFromMs)
  );
}

// Infinities of the same sign have no difference.
function compareTimes(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function isLong(context: ContextThreshold, inputTokens: number): boolean {
  return context.isInclusive ? inputTokens >= context.over : inputTokens > context.over;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

function isInHours(hours: HoursUtc, timestampMs: number): boolean {
  if (hours.isWeekdays && isWeekend(timestampMs)) return false;
  const minute = Math.floor(timestampMs / MINUTE_MS) % DAY_MINUTES;
  return hours.from < hours.to
    ? minute >= hours.from && minute < hours.to
    : minute >= hours.from || minute < hours.to;
}

function isWeekend(timestampMs: number): boolean {
  const weekday = new Date(timestampMs).getUTCDay();
  return weekday === 0 || weekday === 6;
}
