import { judgeSilence, type SourceRhythm } from "@/lib/alerts/judge-silence";
import type { Source, SourceMemory } from "@/lib/alerts/source-memory";
import { type Found, isoOf, newAlert, type WatchContext } from "@/lib/alerts/watch-context";

const MINUTE_MS = 60_000;

/**
 * Looks for sources that sent and stopped: caps are blind where nothing is reported any more.
 * @param sinceMs before it events may not have reached us (we were away, or behind): nobody's silence counts from before
 * @throws QueryFailedError, MalformedRowError
 */
export async function findSilences(
  context: WatchContext,
  memory: SourceMemory,
  sinceMs: number,
): Promise<Found> {
  const { clickhouse, freshMs, rules, projectIds } = context;
  await memory.read(clickhouse, projectIds, freshMs);
  const byProject = new Map(projectIds.map((id) => [id, rules.ruleFor("silence", id)]));
  const quiet = memory.listQuietSince(freshMs - MINUTE_MS).filter(({ projectId, lastMs }) => {
    const rule = byProject.get(projectId);
    const heardMs = Math.max(lastMs, sinceMs);
    return rule?.enabled && freshMs - heardMs >= rule.options.minutes * MINUTE_MS;
  });
  const known = await memory.findRhythms(clickhouse, quiet);
  return {
    alerts: known.flatMap((one) => {
      const silent = judgeSilence(
        one.rhythm,
        { atMinute: freshMs / MINUTE_MS, sinceMinute: sinceMs / MINUTE_MS },
        rules.ruleFor("silence", one.source.projectId).options,
      );
      return silent === null ? [] : [toAlert(context, one)];
    }),
    overIds: listOver(context, memory),
  };
}

function listOver({ open, rules, projectIds }: WatchContext, memory: SourceMemory): string[] {
  return open.flatMap(({ id, facts, projectId }) => {
    if (facts.kind !== "silence") return [];
    const isWatched =
      projectId !== null &&
      projectIds.includes(projectId) &&
      rules.ruleFor("silence", projectId).enabled;
    const lastMs =
      projectId === null ? null : (memory.find(projectId, facts.source)?.lastMs ?? null);
    // Not known is not the same as heard again: it may have been forgotten.
    const isHeard = lastMs !== null && lastMs > Date.parse(facts.last_at);
    return isHeard || !isWatched ? [id] : [];
  });
}

function toAlert(
  context: WatchContext,
  { source: { projectId, source, lastMs }, rhythm }: { source: Source; rhythm: SourceRhythm },
) {
  const subject = `silence:${projectId}:${source}`;
  return newAlert(context, {
    // It stops once: what is replayed of it later is no sign of life, and does not make it stop again.
    key: `${subject}:${lastMs}`,
    subject,
    projectId,
    value: source,
    audience: context.rules.ruleFor("silence", projectId).audience,
    facts: {
      kind: "silence",
      source,
      last_at: isoOf(lastMs),
      silent_seconds: Math.floor((context.freshMs - lastMs) / 1000),
      longest_gap_seconds: rhythm.longestGap === null ? null : rhythm.longestGap * 60,
    },
  });
}
