import { apiRoute } from "@/lib/api-route";
import {
  priceOverrideSchema,
  priceParamsSchema,
  updatePriceSchema,
} from "@/lib/prices/price-schemas";
import { updatePrice } from "@/lib/prices/update-price";

export const PATCH = apiRoute(
  {
    permission: "prices.write",
    params: priceParamsSchema,
    body: updatePriceSchema,
    response: priceOverrideSchema,
  },
  ({ runtime, body, params, ...context }) =>
    updatePrice({ ...context, prices: runtime.prices }, params.id, body),
);
