import type { ClickHouse } from "@/db/clickhouse/client";
import { BUCKET_GRAIN, DAY_GRAIN } from "@/db/clickhouse/cubes";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { listCleanRollups } from "@/db/clickhouse/queries/list-clean-rollups";
import type { CleanDay, CleanRollup, StoreMemory } from "@/db/clickhouse/store-memory";
import type { CleanRollups } from "@/lib/spend/plan-spend";

interface Scope {
  projectIds: string[];
  fromUs: number;
  toUs: number;
  /** Microseconds since 1970; null: now. */
  asOfUs: number | null;
}

/** Days of projects that one question looks for in the memory: a longer one is rare and would push out all others. */
const MAX_REMEMBERED = 2_048;

/**
 * The clean buckets and days that touch a range, as `listCleanRollups` tells them: from this process's memory where it
 * has one, of which only the days are asked for that something changed in.
 * @throws QueryFailedError, MalformedRowError
 */
export async function findCleanRollups(
  clickhouse: ClickHouse,
  scope: Scope,
): Promise<CleanRollups[]> {
  const { memory } = clickhouse;
  const { projectIds, fromUs, toUs, asOfUs } = scope;
  const first = dayOf(Math.max(0, fromUs));
  const end = dayOf(toUs - 1) + DAY_GRAIN;
  const asked = ((end - first) / DAY_GRAIN) * projectIds.length;
  if (!memory || asked > MAX_REMEMBERED) return listCleanRollups(clickhouse, scope);
  const days = await findDays(clickhouse, memory, projectIds, first, end);
  return [...days].flatMap(([projectId, own]) => [
    toCleanRollups(
      projectId,
      DAY_GRAIN,
      own.flatMap(({ day }) => day),
      asOfUs,
    ),
    toCleanRollups(
      projectId,
      BUCKET_GRAIN,
      own.flatMap(({ buckets }) => buckets),
      asOfUs,
    ),
  ]);
}

const dayOf = (us: number): number => Math.floor(toBucket(us) / DAY_GRAIN) * DAY_GRAIN;
const keyOf = (projectId: string, day: number): string => `${day} ${projectId}`;

/**
 * Each project's days in order. What is not remembered is asked for, and what is remembered is taken first: it was true
 * when the question came, whatever is written while the rest is asked for.
 */
async function findDays(
  clickhouse: ClickHouse,
  memory: StoreMemory,
  projectIds: readonly string[],
  first: number,
  end: number,
): Promise<Map<string, CleanDay[]>> {
  const starts = Array.from({ length: (end - first) / DAY_GRAIN }, (_, i) => first + i * DAY_GRAIN);
  const all = projectIds.flatMap((projectId) =>
    starts.map((day) => ({ projectId, day, known: memory.findDay(projectId, day) })),
  );
  const missing = all.filter(({ known }) => known === undefined);
  const listed = missing.length === 0 ? null : await listDays(clickhouse, memory, missing);
  const days = new Map<string, CleanDay[]>(projectIds.map((projectId) => [projectId, []]));
  for (const { projectId, day, known } of all) {
    const clean = known ?? listed?.get(keyOf(projectId, day));
    if (clean) days.get(projectId)?.push(clean);
  }
  return days;
}

/** Asks for days and remembers them, those without a clean rollup too. */
async function listDays(
  clickhouse: ClickHouse,
  memory: StoreMemory,
  missing: readonly { projectId: string; day: number }[],
): Promise<Map<string, CleanDay>> {
  const askedAfter = memory.writes;
  const starts = missing.map(({ day }) => day);
  const clean = await listCleanRollups(clickhouse, {
    projectIds: [...new Set(missing.map(({ projectId }) => projectId))],
    fromUs: Math.min(...starts) * 1e6,
    toUs: (Math.max(...starts) + DAY_GRAIN) * 1e6,
  });
  const listed = new Map(
    missing.map(({ projectId, day }) => [
      keyOf(projectId, day),
      { day: [] as CleanRollup[], buckets: [] as CleanRollup[] },
    ]),
  );
  for (const { project_id, grain, starts, generations, newest, seals } of clean) {
    starts.forEach((start, index) => {
      const own = listed.get(keyOf(project_id, Math.floor(start / DAY_GRAIN) * DAY_GRAIN));
      (grain === DAY_GRAIN ? own?.day : own?.buckets)?.push({
        start,
        generation: generations[index] ?? 0n,
        newestUs: newest[index] ?? 0,
        seal: seals[index] ?? "none",
      });
    });
  }
  for (const { projectId, day } of missing) {
    const own = listed.get(keyOf(projectId, day));
    if (own) memory.keepDay(projectId, day, own, askedAfter);
  }
  return listed;
}

/** What changed since an earlier moment does not tell what was there then, and of sealed ones it is not known. */
function toCleanRollups(
  projectId: string,
  grain: CleanRollups["grain"],
  rollups: readonly CleanRollup[],
  asOfUs: number | null,
): CleanRollups {
  const usable =
    asOfUs === null
      ? rollups
      : rollups.filter(({ newestUs, seal }) => seal === "none" && newestUs <= asOfUs);
  return {
    project_id: projectId,
    grain,
    starts: usable.map(({ start }) => start),
    generations: usable.map(({ generation }) => generation),
    seals: usable.map(({ seal }) => seal),
  };
}
