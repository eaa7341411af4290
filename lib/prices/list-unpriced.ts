import type { ClickHouse } from "@/db/clickhouse/client";
import { listUnpricedDetails, USAGE_COLUMNS } from "@/db/clickhouse/queries/list-unpriced-details";
import { sumUnpriced } from "@/db/clickhouse/queries/sum-unpriced";
import { formatInstant } from "@/lib/calendar/format-instant";
import { sealedBeforeUs } from "@/lib/calls/expired-before";
import type { ReadableProject } from "@/lib/calls/narrow-projects";
import { resolveRange } from "@/lib/calls/resolve-range";
import { toRfc3339 } from "@/lib/calls/to-rfc-3339";
import { COST_STATUSES } from "@/lib/prices/price";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import type { UnpricedAnswer, UnpricedModel, UnpricedQuery } from "@/lib/prices/unpriced-schemas";
import { askRolled } from "@/lib/spend/ask-rolled";
import { snapToSealed } from "@/lib/spend/sealed-range";

type Summed = Awaited<ReturnType<typeof sumUnpriced>>[number];
type Details = Awaited<ReturnType<typeof listUnpricedDetails>>[number];

/** What the list of unpriced models takes. */
export interface UnpricedContext {
  clickhouse: ClickHouse;
  projects: readonly ReadableProject[];
  prices: Pick<PriceBookHolder, "matchModel">;
  nowMs: number;
}

/**
 * Models of these projects with calls that have no price, or one for a part only, most calls first. The counts are of the
 * rollups that `GET /api/spend` is answered from, and equal its own; what rollups do not know is read from those calls.
 * @throws OutlayError `bad_request` for an empty range
 */
export async function listUnpriced(
  { clickhouse, projects, prices, nowMs }: UnpricedContext,
  query: UnpricedQuery,
): Promise<UnpricedAnswer> {
  const asked = { fromUs: query.from ?? null, toUs: query.to ?? null };
  const range = snapToSealed(projects, resolveRange(asked, nowMs));
  const scope = { projectIds: projects.map(({ id }) => id), ...range };
  const sums = await askRolled(
    clickhouse,
    "model",
    { ...scope, edges: [], asOfUs: null },
    (rolled) => sumUnpriced(clickhouse, { ...scope, rolled }),
  );
  const shown = sums.slice(0, query.limit);
  const details = await findDetails(clickhouse, range, shown);
  const sealedUs = sealedBeforeUs(projects);
  const slugs = new Map(projects.map(({ id, slug }) => [id, slug]));
  return {
    from: formatInstant(range.fromUs, "UTC"),
    to: formatInstant(range.toUs, "UTC"),
    unpriced_calls: sums.reduce((sum, row) => sum + row.unknownCosts, 0),
    partial_calls: sums.reduce((sum, row) => sum + row.partialCosts, 0),
    models_count: sums.length,
    models: shown.map((row) => {
      const { provider, model, project_id: id } = row;
      const match = prices.matchModel(provider || null, model || null, id);
      return {
        project: slugs.get(id) ?? "",
        provider: provider || null,
        model: model || null,
        matched: match.matched,
        ...countsOf(row),
        ...detailsOf(row, details.get(keyOf(row)), sealedUs),
      };
    }),
  };
}

/** Only where rollups say that there are such calls: mostly nowhere, and then no call is read. */
async function findDetails(
  clickhouse: ClickHouse,
  range: { fromUs: number; toUs: number },
  rows: readonly Summed[],
): Promise<Map<string, Details>> {
  if (rows.length === 0) return new Map();
  const first = rows.reduce((least, row) => Math.min(least, row.first), Number.POSITIVE_INFINITY);
  const last = rows.reduce((most, row) => Math.max(most, row.last), 0);
  const unique = (values: readonly string[]) => [...new Set(values)];
  const details = await listUnpricedDetails(clickhouse, {
    projectIds: unique(rows.map(({ project_id }) => project_id)),
    providers: unique(rows.map(({ provider }) => provider)),
    models: unique(rows.map(({ model }) => model)),
    fromUs: Math.max(range.fromUs, first * 1e6),
    toUs: Math.min(range.toUs, last * 1e6),
  });
  return new Map(details.map((row) => [keyOf(row), row]));
}

function countsOf({ unknownCosts, partialCosts }: Summed) {
  return {
    calls: unknownCosts + partialCosts,
    unpriced_calls: unknownCosts,
    partial_calls: partialCosts,
  };
}

function detailsOf(
  row: Summed,
  details: Details | undefined,
  sealedUs: number,
): Pick<
  UnpricedModel,
  | "requested_models"
  | "reasons"
  | "expired_calls"
  | "usage"
  | "gpu_seconds"
  | "first_seen_at"
  | "last_seen_at"
> {
  // A call that arrives between the two questions is in the second only: it is no call that expired.
  const mayHaveExpired = row.first * 1e6 < sealedUs;
  const unexplained = row.unknownCosts + row.partialCosts - (details?.calls ?? 0);
  return {
    requested_models: details?.requested_models ?? [],
    reasons: (details?.reasons ?? []).flatMap(([calls, status, cost_reason]) => {
      const cost_status = COST_STATUSES.find((known) => known === status);
      return cost_status ? [{ cost_status, cost_reason, calls }] : [];
    }),
    expired_calls: mayHaveExpired ? Math.max(0, unexplained) : 0,
    usage: details?.usage ?? NO_USAGE,
    gpu_seconds: details?.gpu_seconds ?? "0",
    first_seen_at: details ? toRfc3339(details.first_at) : null,
    last_seen_at: details ? toRfc3339(details.last_at) : null,
  };
}

const NO_USAGE = Object.fromEntries(USAGE_COLUMNS.map((name) => [name, 0])) as Details["usage"];

function keyOf({ project_id, provider, model }: Pick<Summed, "project_id" | "provider" | "model">) {
  return JSON.stringify([project_id, provider, model]);
}
