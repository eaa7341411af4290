import type { Db } from "@/db/postgres";
import type { CorrectionRow } from "@/db/queries/corrections";
import { findProject } from "@/db/queries/projects";
import type { CorrectionAnswer } from "@/lib/corrections/correction-schemas";
import { differenceUsd, modelSumSchema } from "@/lib/corrections/correction-sums";
import { listFilters } from "@/lib/corrections/read-correction-page";
import { formatUsd, parseUsd } from "@/lib/money";

/** All there ever was and will be, in microseconds since 1970. */
export const ALL_TIME = { fromUs: 0, toUs: Date.UTC(2100, 0, 1) * 1000 };

/** A stored correction as it is answered. */
export async function toCorrectionAnswer(db: Db, row: CorrectionRow): Promise<CorrectionAnswer> {
  const isAllTime = row.toUs === ALL_TIME.toUs;
  const projects = await Promise.all(row.projectIds.map((id) => findProject(db, id)));
  // Whose name it was is nobody's to read, not even while the erasure waits.
  const filters = row.kind === "erase" ? [] : listFilters(row);
  const sums = { before_usd: shortUsd(row.beforeUsd), after_usd: shortUsd(row.afterUsd) };
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    dry_run: row.isDryRun,
    tries_price: row.proposal !== null,
    projects: projects.flatMap((project) => project?.slug ?? []).sort(),
    from: isAllTime ? null : instant(row.fromUs),
    to: isAllTime ? null : instant(row.toUs),
    filter: Object.fromEntries(filters.map(({ dimension, values }) => [dimension, values])),
    reason: row.reason,
    author: row.authorName,
    created_at: row.createdAt.toISOString(),
    started_at: row.startedAt?.toISOString() ?? null,
    finished_at: row.finishedAt?.toISOString() ?? null,
    calls_total: row.callsTotal,
    calls_seen: row.callsSeen,
    calls_changed: row.callsChanged,
    ...sums,
    difference_usd: differenceUsd(sums),
    unknown_before: row.unknownBefore,
    unknown_after: row.unknownAfter,
    models: modelSumSchema
      .array()
      .parse(row.models)
      .map((sum) => ({ ...sum, difference_usd: differenceUsd(sum) }))
      .sort((a, b) => compareSizes(sizeOf(b), sizeOf(a))),
    error: row.error,
  };
}

/** @throws RangeError for what is no sum of money */
function sizeOf({ difference_usd: usd }: { difference_usd: string }): bigint {
  const femtoUsd = parseUsd(usd);
  if (femtoUsd === null) throw new RangeError(`${usd} is no sum of money`);
  return femtoUsd < 0n ? -femtoUsd : femtoUsd;
}

function compareSizes(one: bigint, two: bigint): number {
  return one < two ? -1 : one > two ? 1 : 0;
}

/** PostgreSQL writes all fifteen digits. */
function shortUsd(usd: string): string {
  const femtoUsd = parseUsd(usd);
  if (femtoUsd === null) throw new RangeError(`${usd} is no sum of money`);
  return formatUsd(femtoUsd);
}

function instant(us: number): string {
  return new Date(us / 1000).toISOString();
}
