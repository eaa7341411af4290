import { createHash } from "node:crypto";
import type { MatchedModel } from "@/lib/prices/choose-price";
import {
  boundsOf,
  type DearestPrices,
  type DearestQuery,
  findDearest,
  type PriceBounds,
} from "@/lib/prices/dearest-prices";
import { genaiCatalogue } from "@/lib/prices/genai-catalogue";
import { type CatalogueRow, listCatalogueRows } from "@/lib/prices/list-catalogue-rows";
import { findListModel, getListModel, type ListModel } from "@/lib/prices/list-price";
import { normaliseModelName } from "@/lib/prices/model-name";
import { OVERLAY_ENTRIES, OVERLAY_VERSION } from "@/lib/prices/overlay";
import { REGION_UPLIFTS } from "@/lib/prices/overlay/region-uplifts";
import { createOverlayLayer } from "@/lib/prices/overlay-layer";
import { createOverrideLayer, type OverrideLayer } from "@/lib/prices/override-layer";
import type { PriceableCall, PricedCall } from "@/lib/prices/price";
import { priceCall } from "@/lib/prices/price-call";
import type { PriceOverride } from "@/lib/prices/price-override";
import { isKnownProvider, isSelfHosted, normaliseProviderName } from "@/lib/prices/provider-name";
import { RecentMap } from "@/lib/recent-map";

/** All prices, as of one state of the operator's overrides. Immutable: a changed override makes a new book. */
export interface PriceBook {
  /** Names the catalogue, the overlay and the overrides that the prices come from. */
  readonly version: string;
  /** What a call costs. Never throws for what a client sent. */
  priceCall(call: PriceableCall): PricedCall;
  /** Which catalogue model a name is taken for, or why none. */
  matchModel(provider: string | null, model: string | null, projectId?: string): ModelMatch;
  /** The highest prices that a call can come to which has not happened yet; the same for times within a minute. */
  dearestPrices(query: DearestQuery): DearestPrices;
  /** One row for each list price, for `GET /api/prices`. */
  listCatalogue(): CatalogueRow[];
}

export type ModelMatch =
  | { provider: string; matched: string; source: "override" | "list" }
  | { provider: string | null; matched: null; reason: string };

/** Names repeat: a fleet uses tens. The bound is for clients that make names up. */
const MAX_MATCHES = 10_000;

/** The overlay never changes while the process runs, so all books share it. */
const SOURCES = {
  catalogue: genaiCatalogue,
  overlay: createOverlayLayer(OVERLAY_ENTRIES),
  uplifts: REGION_UPLIFTS,
};

/**
 * Makes the price book of the operator's overrides.
 * @throws RangeError for an override that `checkPriceOverride` refuses.
 */
export function createPriceBook(options: { overrides: readonly PriceOverride[] }): PriceBook {
  const overrides = createOverrideLayer(options.overrides);
  const version = versionOf(options.overrides);
  const matches = new RecentMap<MatchedModel>(MAX_MATCHES);
  const match = (provider: string, model: string, projectId: string): MatchedModel => {
    const project = overrides.hasProject(projectId) ? projectId : "";
    const key = `${provider}\n${model}\n${project}`;
    return matches.getOrMake(key, () => findModel(overrides, provider, model, project));
  };
  const price = (call: PriceableCall) => priceCall(call, { version, match, whyUnknown });
  return {
    version,
    priceCall: price,
    dearestPrices: keepDearest(match, price),
    matchModel(provider, model, projectId = "") {
      if (!provider || !model) return { provider, matched: null, reason: whyUnknown(provider) };
      const found = match(provider, model, projectId);
      const name = normaliseModelName(provider, model).provider;
      const own = found.overrides[0]?.[0];
      if (own) return { provider: name, matched: own.record.model, source: "override" };
      if (found.list) return { provider: name, matched: found.list.matched, source: "list" };
      return { provider: name, matched: null, reason: whyUnknown(provider) };
    },
    listCatalogue: () => listCatalogueRows(genaiCatalogue, OVERLAY_ENTRIES, REGION_UPLIFTS),
  };
}

const NO_BOUNDS: PriceBounds = { lengths: [], regions: [null] };
/** Some hundred candidates are priced for each, so they are kept; a fleet asks for tens in a minute. */
const MAX_DEAREST = 2_000;
const MINUTE_MS = 60_000;

/** Keeps what was found by everything that it depends on; times are widened to whole minutes, lengths to their price. */
function keepDearest(
  match: (provider: string, model: string, projectId: string) => MatchedModel,
  price: PriceBook["priceCall"],
): PriceBook["dearestPrices"] {
  const kept = new RecentMap<DearestPrices>(MAX_DEAREST);
  const bounds = new WeakMap<MatchedModel, PriceBounds>();
  const findBounds = (model: MatchedModel): PriceBounds => {
    const known = bounds.get(model);
    if (known) return known;
    const found = boundsOf(model);
    bounds.set(model, found);
    return found;
  };
  return (query) => {
    const { provider, model, projectId } = query;
    const found = provider && model ? findBounds(match(provider, model, projectId)) : NO_BOUNDS;
    const wide = {
      ...query,
      fromMs: Math.floor(query.fromMs / MINUTE_MS) * MINUTE_MS,
      // Wider, so that callers who hold for all kinds of times share what was found.
      toMs: Math.ceil(query.toMs / (5 * MINUTE_MS)) * 5 * MINUTE_MS,
    };
    const key = keyOfDearest(wide, found);
    return kept.getOrMake(key, () => findDearest(wide, found, price));
  };
}

/** Every length within two bounds has the same prices. No name has a line break in it. */
function keyOfDearest(query: DearestQuery, { lengths }: PriceBounds): string {
  const { provider, model, projectId, serviceTier, inferenceGeo, inputTokens } = query;
  let length = inputTokens > 0 ? 1 : 0;
  for (const bound of lengths) if (bound <= inputTokens) length++;
  const place = `${provider}\n${model}\n${projectId}\n${serviceTier}\n${inferenceGeo}`;
  return `${place}\n${length} ${query.fromMs} ${query.toMs}\n${query.unitNames.join("\n")}`;
}

function findModel(
  overrides: OverrideLayer,
  provider: string,
  model: string,
  project: string,
): MatchedModel {
  const clean = normaliseModelName(provider, model);
  // As few as the overrides of this one model: finding one anew takes longer than pricing a call.
  const mapped = new Map<string, ListModel | null>();
  return {
    overrides: overrides.find(project, provider, model),
    list: findList(clean.provider, clean.model),
    findMapped(mapsTo) {
      const known = mapped.get(mapsTo);
      if (known !== undefined) return known;
      const found = findMapped(clean.provider, mapsTo);
      mapped.set(mapsTo, found);
      return found;
    },
  };
}

function findList(provider: string, model: string | null): ListModel | null {
  // What runs on the operator's own machines has no list price, even where a cloud sells a model of that name.
  if (!model || !isKnownProvider(provider)) return null;
  return findListModel(SOURCES, provider, model);
}

/**
 * `maps_to` names a model as its provider does ("gpt-4o", on OpenRouter "openai/gpt-4o"), or with another provider in front
 * ("openai/gpt-4o" for an Azure deployment).
 */
function findMapped(provider: string, mapsTo: string): ListModel | null {
  const name = mapsTo.trim().toLowerCase();
  const [other, model] = splitProvider(name);
  const named = other && model ? normaliseModelName(other, model) : null;
  return (
    findList(provider, name) ??
    (named && findList(named.provider, named.model)) ??
    findList(provider, normaliseModelName(provider, name).model) ??
    getListed(provider, name) ??
    (named && getListed(named.provider, model))
  );
}

/** Whoever maps by hand copies the name that the catalogue shows, also where no call is ever named so. */
function getListed(provider: string, name: string | null): ListModel | null {
  return name === null ? null : getListModel(SOURCES, provider, name);
}

/** The list model that an override's `maps_to` names; null: none, so that its calls would stay without a price. */
export function findMappedName(provider: string, model: string, mapsTo: string): string | null {
  return findMapped(normaliseModelName(provider, model).provider, mapsTo)?.matched ?? null;
}

function splitProvider(name: string): [string, string] | [null, null] {
  const at = name.search(/[/:]/);
  return at > 0 ? [name.slice(0, at), name.slice(at + 1)] : [null, null];
}

/** Why a call's model has no price at all. */
function whyUnknown(provider: string | null): string {
  if (!provider) return "unknown_provider";
  const name = normaliseProviderName(provider);
  return isSelfHosted(name) ? "self_hosted_without_price" : "unknown_model";
}

function versionOf(overrides: readonly PriceOverride[]): string {
  const parts = [genaiCatalogue.version, `overlay@${OVERLAY_VERSION}`];
  if (overrides.length) {
    const digest = createHash("sha256").update(JSON.stringify(overrides)).digest("hex");
    parts.push(`overrides@${digest.slice(0, 12)}`);
  }
  return parts.join(" ");
}
