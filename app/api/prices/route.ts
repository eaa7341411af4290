import { apiRoute } from "@/lib/api-route";
import { createPrice } from "@/lib/prices/create-price";
import { listPrices } from "@/lib/prices/list-prices";
import {
  createdPriceSchema,
  createPriceSchema,
  listPricesQuerySchema,
  priceListSchema,
} from "@/lib/prices/price-schemas";

export const GET = apiRoute(
  { permission: "prices.read", query: listPricesQuerySchema, response: priceListSchema },
  ({ db, projects, runtime, query }) =>
    listPrices({ db, projects, cursorSecret: runtime.secrets.nextauth }, query),
);

export const POST = apiRoute(
  {
    permission: "prices.write",
    body: createPriceSchema,
    response: createdPriceSchema,
    status: 201,
  },
  async ({ runtime, body, ...context }) => {
    // `?project=` is where the caller means it to hold: a price of every project would be another one.
    const named = new URL(context.request.url).searchParams.get("project");
    const project = body.project ?? (named === "*" ? null : named);
    const { price, closed } = await createPrice(
      { ...context, prices: runtime.prices },
      { ...body, project },
    );
    return { ...price, closed };
  },
);
