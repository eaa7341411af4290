import type { Db } from "@/db/postgres";
import { listAllPriceRows } from "@/db/queries/prices";
import type { BudgetScope } from "@/lib/budgets/budget";
import type { BudgetRules } from "@/lib/budgets/budget-rules";
import { OutlayError } from "@/lib/errors";
import type { FemtoUsd } from "@/lib/money";
import { createPriceBook, type PriceBook } from "@/lib/prices/price-book";
import { toPriceOverride } from "@/lib/prices/price-row";
import { listProviderNames } from "@/lib/prices/provider-name";

type Rules = Pick<BudgetRules, "action" | "reroute_to" | "thresholds" | "unpriced">;

/** Which calls the budget binds. */
interface Place {
  /** null: of every project. */
  projectId: string | null;
  scope: BudgetScope;
  value: string | null;
}

/**
 * Refuses a reroute that could never spare anything: to a model without a price, by whichever provider; and where the
 * budget is one model's, to that model itself or to one that costs no less in input and in output. When it is reached
 * such a budget would refuse every call that it was meant to let through. What depends on the call (its provider, how
 * much of it is output) is judged when it is asked for.
 * @param before its rules so far: a price that went away since must not stop other edits
 * @throws OutlayError `unprocessable`, with the path
 */
export async function requireCheaperTarget(
  db: Db,
  place: Place,
  rules: Rules,
  before: Rules | null = null,
): Promise<void> {
  const model = targetOf(rules);
  if (model === null) return;
  const isAsBefore = before && targetOf(before) === model && hasRate(before) === hasRate(rules);
  if (isAsBefore) return;
  const rows = await listAllPriceRows(db);
  const overrides = rows.map(toPriceOverride);
  const book = createPriceBook({ overrides });
  const projects = new Set([
    place.projectId ?? "",
    ...overrides.map(({ project }) => project ?? ""),
  ]);
  const providers = new Set([...listProviderNames(), ...overrides.map((one) => one.provider)]);
  const sellers = [...(place.projectId === null ? projects : [place.projectId])].flatMap(
    (projectId) => [...providers].map((provider) => ({ projectId, provider })),
  );
  const fault = findFault({ ...place, model, hasRate: hasRate(rules) }, sellers, book);
  if (fault === null) return;
  const errors = [{ path: "reroute_to", message: fault }];
  throw new OutlayError("unprocessable", `The budget cannot be kept so: reroute_to ${fault}.`, {
    errors,
  });
}

/** The model that calls go to; null: nothing of the budget reroutes. */
function targetOf({ action, reroute_to, thresholds }: Rules): string | null {
  const isUsed = action === "reroute" || thresholds.some((stage) => stage.action === "reroute");
  return isUsed ? reroute_to : null;
}

/** A rate prices what has no price. */
function hasRate({ unpriced }: Rules): boolean {
  return typeof unpriced !== "string";
}

/** Who sells, to whom. */
interface Seller {
  projectId: string;
  provider: string;
}

function findFault(
  asked: { model: string; hasRate: boolean; scope: BudgetScope; value: string | null },
  sellers: readonly Seller[],
  book: PriceBook,
): string | null {
  const { model, value } = asked;
  const own = asked.scope === "model" && value !== "*" ? value : null;
  if (own === model) return "is the model whose calls it would reroute: it spares nothing";
  const sells = (seller: Seller, name: string) => hasPrice(book, seller, name);
  const pairs = sellers.map((seller) => {
    return { seller, target: sells(seller, model) ? seller : named(seller, model) };
  });
  if (!asked.hasRate && !pairs.some(({ target }) => sells(target, model))) {
    return `has no price: "${model}" could not be held against the limit. Set a price for it, or a rate for unpriced calls`;
  }
  if (own === null) return null;
  const compared = pairs.flatMap(({ seller, target }) =>
    SAMPLES.flatMap((usage) => {
      const [now, then] = [costOf(book, seller, own, usage), costOf(book, target, model, usage)];
      return now === null || then === null ? [] : [then >= now];
    }),
  );
  // Cheaper with one provider, or in one of the two, is cheaper for some calls.
  if (compared.length === 0 || compared.includes(false)) return null;
  return `costs no less than what it replaces: "${model}" for "${own}" spares nothing`;
}

/** As a decision finds it: a price of any class. */
function hasPrice(book: PriceBook, { projectId, provider }: Seller, model: string): boolean {
  if (book.matchModel(provider, model, projectId).matched === null) return false;
  const nowMs = Date.now();
  const { byClass } = book.dearestPrices({
    projectId,
    provider,
    model,
    serviceTier: null,
    inferenceGeo: null,
    inputTokens: 0,
    unitNames: [],
    fromMs: nowMs,
    toMs: nowMs,
  });
  return byClass.size > 0;
}

/** The provider named in front of a model ("openai/gpt-4o"); without one the same. */
function named(seller: Seller, model: string): Seller {
  const [provider] = model.includes("/") ? model.split("/") : [];
  return provider ? { ...seller, provider } : seller;
}

/** Short enough for the price of a short context, which is what most calls have. */
const SAMPLES = [
  { input_tokens: 1_000, output_tokens: 0 },
  { input_tokens: 0, output_tokens: 1_000 },
] as const;

function costOf(
  book: PriceBook,
  { projectId, provider }: Seller,
  model: string,
  usage: (typeof SAMPLES)[number],
): FemtoUsd | null {
  return book.priceCall({
    projectId,
    type: "llm",
    provider,
    model,
    timestampMs: Date.now(),
    serviceTier: null,
    inferenceGeo: null,
    usage,
    usageSource: "estimated",
    status: "ok",
    errorType: null,
    reportedCostFemtoUsd: null,
    trustsReportedCost: false,
  }).costFemtoUsd;
}
