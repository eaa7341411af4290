import { apiRoute } from "@/lib/api-route";
import { getSettings } from "@/lib/settings/get-settings";
import { spendAnswerSchema, spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";

export const GET = apiRoute(
  { permission: "spend.read", query: spendQuerySchema, response: spendAnswerSchema },
  async ({ db, runtime, projects, query }) => {
    const { time_zone: organisationTimeZone } = await getSettings(db, runtime.env);
    const freshness = await runtime.freshness();
    return sumSpend(
      {
        clickhouse: runtime.clickhouse,
        projects,
        freshness,
        nowMs: Date.now(),
        organisationTimeZone,
      },
      query,
    );
  },
);
