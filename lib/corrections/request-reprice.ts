import { FILTER_NAMES, isFilter } from "@/db/clickhouse/dimensions";
import type { Filter } from "@/db/clickhouse/filters";
import { requirePermission } from "@/lib/auth/actor";
import { narrowProjects, type ReadableProject } from "@/lib/calls/narrow-projects";
import { resolveRange } from "@/lib/calls/resolve-range";
import type { CorrectionAnswer, RepriceInput } from "@/lib/corrections/correction-schemas";
import {
  awaitCorrection,
  type RequestContext,
  storeCorrection,
} from "@/lib/corrections/request-correction";
import { OutlayError } from "@/lib/errors";

/**
 * Asks for calls to be priced again by today's book at their own time. A dry run changes nothing and says what would.
 * @param projects those the caller means
 * @returns the correction, finished where it took less than two seconds
 * @throws OutlayError `forbidden`; `bad_request` for an empty range, and naming each unknown filter
 */
export async function requestReprice(
  context: RequestContext & { projects: readonly ReadableProject[] },
  input: RepriceInput,
): Promise<CorrectionAnswer> {
  const { projectIds, filters } = narrowProjects(context.projects, readFilter(input.filter));
  for (const id of projectIds) requirePermission(context.actor, "calls.reprice", id);
  const range = resolveRange({ fromUs: input.from, toUs: input.to }, Date.now());
  const { id } = await storeCorrection(
    context,
    {
      kind: "reprice",
      projectIds,
      ...range,
      filters,
      isDryRun: input.dry_run,
      reason: input.reason ?? "",
    },
    (row) => ({
      action: input.dry_run ? "correction.reprice_dry_run" : "correction.reprice",
      targetType: "correction",
      targetId: row.id,
      after: {
        from: new Date(range.fromUs / 1000).toISOString(),
        to: new Date(range.toUs / 1000).toISOString(),
        filter: input.filter,
        projects: projectIds,
        reason: row.reason,
      },
    }),
  );
  return awaitCorrection(context, id);
}

function readFilter(filter: RepriceInput["filter"]): Filter[] {
  const names = Object.keys(filter);
  const errors = names
    .filter((name) => !isFilter(name))
    .map((name) => ({
      path: `filter.${name}`,
      message: `is not a known filter; there are ${[...FILTER_NAMES, "metadata.<key>"].join(", ")}`,
    }));
  if (errors.length > 0) {
    // An unknown filter that was ignored would correct more than was meant.
    const named = errors.map(({ path }) => path).join(", ");
    throw new OutlayError("bad_request", `There is no ${named}.`, { errors });
  }
  return Object.entries(filter).map(([dimension, value]) => ({
    dimension,
    values: typeof value === "string" ? [value] : [...new Set(value)],
  }));
}
