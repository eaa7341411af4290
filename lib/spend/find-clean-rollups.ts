import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN, GRAINS, isBlock, startOf } from "@/db/clickhouse/cubes";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { listCleanRollups } from "@/db/clickhouse/queries/list-clean-rollups";
import {
  type CleanRollup,
  type CleanSpan,
  SPAN_GRAINS,
  type StoreMemory,
} from "@/db/clickhouse/store-memory";
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
 * The clean rollups that touch a range, as `listCleanRollups` tells them: from this process's memory where it has one, of
 * which only the days and blocks are asked for that something changed in.
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
  const found = await findSpans(clickhouse, memory, projectIds, listSpans(first, end));
  return [...found].flatMap(([projectId, own]) => toCleanRollups(projectId, own, asOfUs));
}

const dayOf = (us: number): number => startOf(DAY_GRAIN, toBucket(us));
const keyOf = (projectId: string, { grain, start }: CleanSpan): string =>
  `${grain} ${start} ${projectId}`;

/** The days of a range of them, and the blocks that are wholly in it: of others no question makes use. */
function listSpans(first: number, end: number): CleanSpan[] {
  return SPAN_GRAINS.flatMap((grain) => {
    const start = Math.ceil(first / grain) * grain;
    const count = Math.max(0, Math.floor((end - start) / grain));
    return Array.from({ length: count }, (_, i) => ({ grain, start: start + i * grain }));
  });
}

/**
 * Each project's clean rollups in order. What is not remembered is asked for, and what is remembered is taken first: it
 * was true when the question came, whatever is written while the rest is asked for.
 */
async function findSpans(
  clickhouse: ClickHouse,
  memory: StoreMemory,
  projectIds: readonly string[],
  spans: readonly CleanSpan[],
): Promise<Map<string, CleanRollup[]>> {
  const all = projectIds.flatMap((projectId) =>
    spans.map((span) => ({ projectId, span, known: memory.findClean(projectId, span) })),
  );
  const missing = all.filter(({ known }) => known === undefined);
  const listed = missing.length === 0 ? null : await askSpans(clickhouse, memory, missing);
  const found = new Map<string, CleanRollup[]>(projectIds.map((projectId) => [projectId, []]));
  for (const { projectId, span, known } of all) {
    found.get(projectId)?.push(...(known ?? listed?.get(keyOf(projectId, span)) ?? []));
  }
  return found;
}

/** Asks for spans and remembers them, those without a clean rollup too. */
async function askSpans(
  clickhouse: ClickHouse,
  memory: StoreMemory,
  missing: readonly { projectId: string; span: CleanSpan }[],
): Promise<Map<string, CleanRollup[]>> {
  const askedAfter = memory.writes;
  const fromSeconds = Math.min(...missing.map(({ span }) => span.start));
  const toSeconds = Math.max(...missing.map(({ span }) => span.start + span.grain));
  const clean = await listCleanRollups(clickhouse, {
    projectIds: [...new Set(missing.map(({ projectId }) => projectId))],
    fromUs: fromSeconds * 1e6,
    toUs: toSeconds * 1e6,
  });
  const listed = new Map(
    missing.map(({ projectId, span }) => [keyOf(projectId, span), [] as CleanRollup[]]),
  );
  for (const { project_id, grain, starts, generations, newest, seals } of clean) {
    const spanGrain = isBlock(grain) ? grain : DAY_GRAIN;
    starts.forEach((start, index) => {
      const span = { grain: spanGrain, start: startOf(spanGrain, start) };
      listed.get(keyOf(project_id, span))?.push({
        grain,
        start,
        generation: generations[index] ?? 0n,
        newestUs: newest[index] ?? 0,
        seal: seals[index] ?? "none",
      });
    });
  }
  for (const { projectId, span } of missing) {
    const own = listed.get(keyOf(projectId, span));
    if (own) memory.keepClean(projectId, span, own, askedAfter);
  }
  return listed;
}

/** What changed since an earlier moment does not tell what was there then, and of sealed ones it is not known. */
function toCleanRollups(
  projectId: string,
  rollups: readonly CleanRollup[],
  asOfUs: number | null,
): CleanRollups[] {
  const usable =
    asOfUs === null
      ? rollups
      : rollups.filter(({ newestUs, seal }) => seal === "none" && newestUs <= asOfUs);
  return GRAINS.map((grain) => {
    const own = usable.filter((rollup) => rollup.grain === grain);
    return {
      project_id: projectId,
      grain,
      starts: own.map(({ start }) => start),
      generations: own.map(({ generation }) => generation),
      seals: own.map(({ seal }) => seal),
    };
  });
}
