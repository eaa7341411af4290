import type { ClickHouse } from "@/db/clickhouse/client";
import { listSequences, listSources } from "@/db/clickhouse/queries/list-sequences";
import type { Scope } from "@/db/clickhouse/query";
import { findRuns, type SequenceRun } from "@/lib/integrity/find-gaps";

/** Sources whose numbers are read one by one, the latest first, and how many numbers of each. */
const MAX_SOURCES = 40;
const MAX_NUMBERS = 50_000;
const MAX_GAPS = 200;
const MAX_RANGE_US = 31 * 86_400 * 1e6;

/** A stretch of a source's numbers with some of them missing. */
export interface Gap extends SequenceRun {
  projectId: string;
  source: string;
}

export interface Gaps {
  gaps: Gap[];
  /** Sources that number their events; each was looked at, unless `isCut`. */
  sources: number;
  /** Start of what was looked at, microseconds since 1970: at most 31 days. */
  fromUs: number;
  /** Not every number of the range was looked at: there may be more. */
  isCut: boolean;
}

/**
 * What producers numbered and never arrived. Most sources are complete, which one pass tells without their numbers; of
 * the others the numbers are read. Voided calls arrived: they leave no gap.
 * @throws QueryFailedError, MalformedRowError
 */
export async function listGaps(clickhouse: ClickHouse, scope: Scope): Promise<Gaps> {
  const fromUs = Math.max(scope.fromUs, scope.toUs - MAX_RANGE_US);
  const asked = { ...scope, fromUs };
  if (scope.projectIds.length === 0) return { gaps: [], sources: 0, fromUs, isCut: false };
  const sources = await listSources(clickhouse, asked);
  const suspicious = sources.filter(({ is_complete }) => !is_complete);
  const read = suspicious.slice(0, MAX_SOURCES);
  const runs: Gap[] = [];
  let isCut = fromUs > scope.fromUs || suspicious.length > read.length;
  if (read.length > 0) {
    const lists = await listSequences(clickhouse, {
      ...asked,
      projectIds: [...new Set(read.map(({ project_id }) => project_id))],
      sources: [...new Set(read.map(({ source }) => source))],
      limit: MAX_NUMBERS,
    });
    for (const { project_id, source, numbers, times } of lists) {
      if (numbers.length >= MAX_NUMBERS) isCut = true;
      const events = numbers.map((sequence, i) => ({ sequence, atUs: times[i] ?? 0 }));
      for (const run of findRuns(events)) {
        if (run.missing > 0) runs.push({ ...run, projectId: project_id, source });
      }
    }
  }
  runs.sort((a, b) => b.lastUs - a.lastUs);
  isCut ||= runs.length > MAX_GAPS;
  return { gaps: runs.slice(0, MAX_GAPS), sources: sources.length, fromUs, isCut };
}
