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
import { openProposedBook } from "@/lib/prices/propose-price";
import { type NewPrice, readNewPrice } from "@/lib/prices/read-new-price";
import { findVisibleProject } from "@/lib/projects/find-visible-project";

/**
 * Asks for calls to be priced again by today's book at their own time. A dry run changes nothing and says what would,
 * also with a price that is not in the book yet.
 * @param projects those the caller means
 * @returns the correction, finished where it took less than two seconds
 * @throws OutlayError `forbidden`; `bad_request` for an empty range, and naming each unknown filter; as `createPrice`
 * would for the price to try
 */
export async function requestReprice(
  context: RequestContext & { projects: readonly ReadableProject[] },
  input: RepriceInput,
): Promise<CorrectionAnswer> {
  const { projectIds, filters } = narrowProjects(context.projects, readFilter(input.filter));
  for (const id of projectIds) requirePermission(context.actor, "calls.reprice", id);
  const range = resolveRange({ fromUs: input.from, toUs: input.to }, Date.now());
  const proposal = await readProposal(context, input);
  const { id } = await storeCorrection(
    context,
    {
      kind: "reprice",
      projectIds,
      ...range,
      filters,
      isDryRun: input.dry_run,
      proposal,
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
        ...(input.price ? { price: input.price } : {}),
      },
    }),
  );
  return awaitCorrection(context, id);
}

/** Refused here and not when the job tries it: the person still has the form before them. */
async function readProposal(
  context: RequestContext,
  { price }: RepriceInput,
): Promise<NewPrice | null> {
  if (!price) return null;
  const project = price.project ? await findVisibleProject(context, price.project) : null;
  const proposal = readNewPrice(price, project?.id ?? null);
  await openProposedBook(context.db, proposal);
  return proposal;
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
