import { authorize } from "@/ingest/authorize";
import { type Exchange, sendText } from "@/ingest/exchange";
import type { ProjectLookup } from "@/ingest/project-lookup";
import { OutlayError } from "@/lib/errors";
import type { KeyVerifier } from "@/lib/keys/verify-key";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import { pricesQuerySchema, tellPrices } from "@/lib/prices/tell-prices";

const PARAMETERS = Object.keys(pricesQuerySchema.shape);

/** `GET /v1/prices`: the most that calls of a model cost, so that an agent keeps a limit in dollars by itself. */
export async function getPrices(
  exchange: Exchange,
  deps: {
    keys: KeyVerifier;
    findProject: ProjectLookup;
    prices: Pick<PriceBookHolder, "dearestPrices">;
  },
): Promise<void> {
  const { projectId } = await authorize(exchange, "guard", deps, PARAMETERS);
  const parameters = new URLSearchParams(exchange.query);
  parameters.delete("project");
  const given = [...parameters];
  const names = given.map(([name]) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  const parsed = pricesQuerySchema.safeParse(Object.fromEntries(given));
  if (repeated !== undefined || !parsed.success) {
    const issues = parsed.error?.issues ?? [];
    const errors = issues.map(({ path, message }) => ({ path: path.join("."), message }));
    if (repeated !== undefined) errors.push({ path: repeated, message: "is given more than once" });
    throw new OutlayError("bad_request", "The query has a fault.", { errors });
  }
  const answer = tellPrices(deps.prices, projectId, parsed.data, Date.now());
  sendText(exchange, 200, JSON.stringify(answer), undefined, {
    "cache-control": `private, max-age=${answer.ttl_seconds}`,
  });
}
