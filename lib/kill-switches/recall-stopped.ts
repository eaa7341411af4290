import type { ClickHouse } from "@/db/clickhouse/client";
import type { SwitchTarget } from "@/db/queries/kill-switches";
import { countStopped } from "@/lib/kill-switches/count-stopped";
import type { SwitchStops } from "@/lib/kill-switches/kill-switch-schemas";

/** Of a quarter of an hour so much changes nothing that a person would do otherwise. */
const KEPT_MS = 5_000;
const MOST_KEPT = 1_000;

interface Kept {
  atMs: number;
  stops: Promise<SwitchStops>;
}

const keptOf = new WeakMap<ClickHouse, Map<string, Kept>>();

/**
 * What a switch stops, as it was counted at most 5 s ago: Controls asks for every engaged switch each second, in every
 * open window, and each count reads the calls of a quarter of an hour.
 * @throws QueryFailedError where the calls cannot be asked; a failure is not kept
 */
export function recallStopped(
  clickhouse: ClickHouse,
  target: SwitchTarget,
  projectIds: readonly string[],
  nowMs: number,
): Promise<SwitchStops> {
  const kept = keptOf.get(clickhouse) ?? new Map<string, Kept>();
  keptOf.set(clickhouse, kept);
  const key = JSON.stringify([target.scope, target.projectId, target.value, projectIds]);
  const known = kept.get(key);
  if (known && Math.abs(nowMs - known.atMs) < KEPT_MS) return known.stops;
  if (kept.size >= MOST_KEPT) kept.clear();
  const stops = countStopped(clickhouse, target, projectIds, nowMs);
  kept.set(key, { atMs: nowMs, stops });
  stops.catch(() => kept.delete(key));
  return stops;
}
