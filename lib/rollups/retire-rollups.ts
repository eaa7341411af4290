import type { ClickHouse } from "@/db/clickhouse/client";
import type { UnneededRollup } from "@/db/clickhouse/queries/list-rollups-to-retire";
import { flipGenerations } from "@/db/clickhouse/queries/rebuild-rollups";
import { RETIRED } from "@/db/clickhouse/retired-rollups";
import { type GenerationNumbers, MAX_PARTS } from "@/lib/rollups/generation-numbers";

/**
 * Gives rollups up: questions that begin now read what they were made of, and their rows are deleted some minutes later
 * with all that was replaced. @throws QueryFailedError
 */
export async function retireRollups(
  context: { clickhouse: ClickHouse; numbers: GenerationNumbers; now: () => number },
  rollups: readonly UnneededRollup[],
): Promise<void> {
  const groups = new Map<string, UnneededRollup[]>();
  for (const one of rollups) {
    const key = `${one.grain} ${one.project_id}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const group of groups.values()) {
    for (let from = 0; from < group.length; from += MAX_PARTS) {
      const part = group.slice(from, from + MAX_PARTS);
      const [{ project_id: projectId, grain }] = part as [UnneededRollup];
      await flipGenerations(context.clickhouse, {
        projectId,
        grain,
        starts: part.map(({ start }) => start),
        first: context.numbers.next(context.now()),
        covers: part.map(() => RETIRED.toString()),
      });
    }
  }
}
