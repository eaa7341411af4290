import { apiRoute } from "@/lib/api-route";
import { listUnpriced } from "@/lib/prices/list-unpriced";
import { unpricedAnswerSchema, unpricedQuerySchema } from "@/lib/prices/unpriced-schemas";

export const GET = apiRoute(
  { permission: "prices.read", query: unpricedQuerySchema, response: unpricedAnswerSchema },
  ({ runtime, projects, query }) =>
    listUnpriced(
      {
        clickhouse: runtime.clickhouse,
        projects,
        prices: runtime.prices,
        nowMs: Date.now(),
      },
      query,
    ),
);
