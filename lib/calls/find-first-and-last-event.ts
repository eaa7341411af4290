import type { ClickHouse } from "@/db/clickhouse/client";
import { findEventSpan } from "@/db/clickhouse/queries/find-event-span";
import { toRfc3339 } from "@/lib/calls/to-rfc-3339";

/** Before the contract's first timestamp, and past every later one. */
const ALL_TIME = { fromUs: 0, toUs: Date.UTC(2100, 0, 1) * 1000 };

/**
 * The oldest and the newest event of some projects as RFC 3339; null where nothing was ever received. It
 * tells "nothing yet" from "nothing in this range", which look alike in the figures.
 */
export async function findFirstAndLastEvent(
  clickhouse: ClickHouse,
  projects: readonly { id: string }[],
): Promise<{ first_event_at: string | null; last_event_at: string | null }> {
  const projectIds = projects.map(({ id }) => id);
  const [span] =
    projectIds.length === 0 ? [] : await findEventSpan(clickhouse, { projectIds, ...ALL_TIME });
  return {
    first_event_at: span?.first ? toRfc3339(span.first) : null,
    last_event_at: span?.last ? toRfc3339(span.last) : null,
  };
}
