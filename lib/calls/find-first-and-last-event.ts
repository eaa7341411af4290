import type { ClickHouse } from "@/db/clickhouse/client";
import { findChangedSpan, findEventSpan } from "@/db/clickhouse/queries/find-event-span";
import { findSealedSpan } from "@/db/clickhouse/queries/find-sealed-span";
import type { EventSpan } from "@/db/clickhouse/store-memory";
import type { ReadableProject } from "@/lib/calls/narrow-projects";
import { toRfc3339 } from "@/lib/calls/to-rfc-3339";

/** Before the contract's first timestamp, and past every later one. */
const ALL_TIME = { fromUs: 0, toUs: Date.UTC(2100, 0, 1) * 1000 };

/**
 * The oldest and the newest event of some projects as RFC 3339; null where nothing was ever received. It
 * tells "nothing yet" from "nothing in this range", which look alike in the figures.
 */
export async function findFirstAndLastEvent(
  clickhouse: ClickHouse,
  projects: readonly Pick<ReadableProject, "id" | "sealedBefore">[],
): Promise<{ first_event_at: string | null; last_event_at: string | null }> {
  const projectIds = projects.map(({ id }) => id);
  const span = projectIds.length === 0 ? undefined : await findSpan(clickhouse, projectIds);
  const sealed = projects.filter(({ sealedBefore }) => sealedBefore).map(({ id }) => id);
  const [expired] =
    sealed.length === 0
      ? []
      : await findSealedSpan(clickhouse, { projectIds: sealed, ...ALL_TIME });
  // Of expired events their buckets are known: the first began no later, and any kept one is newer than the last.
  const first = [span?.first, expired?.first].filter((at) => at != null).sort()[0];
  const last = span?.last ?? expired?.last;
  return {
    first_event_at: first ? toRfc3339(first) : null,
    last_event_at: last ? toRfc3339(last) : null,
  };
}

/** The quick way knows unless calls of the oldest or newest change are gone, or none was recorded yet. */
async function findSpan(
  clickhouse: ClickHouse,
  projectIds: string[],
): Promise<EventSpan | undefined> {
  const { memory } = clickhouse;
  const known = memory?.findSpan(projectIds);
  if (known) return known;
  const askedAfter = memory?.writes ?? 0;
  const [changed] = await findChangedSpan(clickhouse, { projectIds, ...ALL_TIME });
  if (changed && changed.expected > 0 && changed.found === changed.expected) {
    memory?.keepSpan(projectIds, changed, askedAfter);
    return changed;
  }
  const [span] = await findEventSpan(clickhouse, { projectIds, ...ALL_TIME });
  return span;
}
