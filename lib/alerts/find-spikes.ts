import { toFemto } from "@/db/clickhouse/merge-cells";
import { sumLastHour } from "@/db/clickhouse/queries/sum-last-hour";
import { listLastAlertsOf } from "@/db/queries/watched-alerts";
import type { Alert, NewAlert } from "@/lib/alerts/alert";
import {
  judgeSpike,
  mayTellSpike,
  type SpikeHours,
  type SpikeRule,
  type SpikeVerdict,
} from "@/lib/alerts/judge-spike";
import { LATE_AFTER_SECONDS } from "@/lib/alerts/late";
import { earlierWindows, hourWindows, type Stretch } from "@/lib/alerts/spike-windows";
import { findDearestHours, keyOf, type Spender, sumHours } from "@/lib/alerts/sum-spike-hours";
import { type Found, isoOf, newAlert, type WatchContext } from "@/lib/alerts/watch-context";
import { readUsd } from "@/lib/budgets/budget-row";
import { type FemtoUsd, formatUsd } from "@/lib/money";

/** Dearest first: what is left out cost less than each of these. */
const MOST_SPENDERS = 2_000;

type Told = Extract<SpikeVerdict, { verdict: "spike" }>;
interface Judged {
  spender: Spender;
  hours: SpikeHours;
  verdict: SpikeVerdict;
}

/**
 * Looks for spikes by project, agent and feature. A quiet installation is asked one question about one hour; the day is
 * asked about for what reaches half the floor, earlier days and weeks for what would be a spike without them.
 * @throws QueryFailedError, MalformedRowError
 */
export async function findSpikes(context: WatchContext): Promise<Found> {
  const { freshMs } = context;
  const open = new Map(
    context.open.flatMap((alert) => (alert.facts.kind === "spike" ? [[alert.subject, alert]] : [])),
  );
  const { last } = hourWindows(freshMs);
  const lastUsd = await sumLast(context, last);
  const judged = await judgeAll(context, lastUsd, (spender) => open.has(subjectOf(spender)));
  const spikes = judged.filter(({ verdict }) => verdict.verdict === "spike");
  const isGoingOn = new Set(
    judged
      .filter(({ verdict }) => verdict.verdict !== "below")
      .map(({ spender }) => subjectOf(spender)),
  );
  return {
    alerts: await tellNew(context, last, spikes),
    // What is not among the spenders at all is below; so is what nobody wants to hear of any more.
    overIds: [...open].filter(([subject]) => !isGoingOn.has(subject)).map(([, { id }]) => id),
  };
}

const subjectOf = (spender: Spender): string => `spike:${keyOf(spender)}`;

/** What the last hour cost, of projects that want to be told of spikes. */
async function sumLast(context: WatchContext, last: Stretch): Promise<Map<Spender, FemtoUsd>> {
  const { clickhouse, rules } = context;
  const asked = context.projectIds.filter((id) => rules.ruleFor("spike", id).enabled);
  if (asked.length === 0) return new Map();
  const floors = asked
    .map((id) => spikeRuleOf(context, id).floorUsd)
    .sort((a, b) => (a < b ? -1 : 1));
  const [least = 0n] = floors;
  const rows = await sumLastHour(clickhouse, {
    projectIds: asked,
    fromUs: last.fromMs * 1000,
    toUs: last.toMs * 1000,
    lateAfterSeconds: LATE_AFTER_SECONDS,
    // Below half the floor a spike is over, and nothing need be known of it.
    leastUsd: formatUsd(least / 2n),
    limit: MOST_SPENDERS,
  });
  return new Map(
    rows.map(({ project_id: projectId, dimension, value, usd }) => {
      return [{ projectId, dimension, value }, toFemto(usd)];
    }),
  );
}

function spikeRuleOf({ rules }: WatchContext, projectId: string): SpikeRule {
  const { floorUsd, options } = rules.ruleFor("spike", projectId);
  return { floorUsd: readUsd(floorUsd), multiple: options.multiple };
}

async function judgeAll(
  context: WatchContext,
  lastUsd: ReadonlyMap<Spender, FemtoUsd>,
  isOpen: (spender: Spender) => boolean,
): Promise<Judged[]> {
  const { clickhouse, freshMs } = context;
  const judge = (spender: Spender, hours: SpikeHours): Judged => {
    return { spender, hours, verdict: judgeSpike(hours, spikeRuleOf(context, spender.projectId)) };
  };
  const spenders = [...lastUsd.keys()];
  if (spenders.length === 0) return [];
  const day = await sumHours(clickhouse, spenders, hourWindows(freshMs).hourStarts);
  const judged = spenders.map((spender) => {
    const own = lastUsd.get(spender) ?? 0n;
    return judge(spender, { lastUsd: own, dayUsd: day.of(spender), daysUsd: [], weeksUsd: [] });
  });
  // What is usual only grows by earlier days and weeks: they matter where they could end or prevent something.
  const isMatter = ({ spender, verdict }: Judged) =>
    verdict.verdict === "spike" || (verdict.verdict === "near" && isOpen(spender));
  const earlier = await findEarlier(
    context,
    judged.filter(isMatter).map((one) => one.spender),
  );
  return judged.map((one) =>
    isMatter(one) ? judge(one.spender, { ...one.hours, ...earlier(one.spender) }) : one,
  );
}

/** What the same hour cost on earlier days and in earlier weeks. */
async function findEarlier(
  { clickhouse, freshMs, timeZone }: WatchContext,
  spenders: readonly Spender[],
): Promise<(spender: Spender) => Pick<SpikeHours, "daysUsd" | "weeksUsd">> {
  if (spenders.length === 0) return () => ({ daysUsd: [], weeksUsd: [] });
  const { days, weeks } = earlierWindows(freshMs, timeZone);
  // One after another: the watch is nobody's who waits, and the readers of the store are few.
  const ask = async (stretches: readonly Stretch[]) => {
    const found: ((spender: Spender) => FemtoUsd | null)[] = [];
    for (const around of stretches)
      found.push(await findDearestHours(clickhouse, spenders, around));
    return found;
  };
  const [daysUsd, weeksUsd] = [await ask(days), await ask(weeks)];
  return (spender) => ({
    daysUsd: daysUsd.map((usdOf) => usdOf(spender)),
    weeksUsd: weeksUsd.map((usdOf) => usdOf(spender)),
  });
}

/** Spikes that are not told already, or were over for long enough. */
async function tellNew(
  context: WatchContext,
  last: Stretch,
  spikes: readonly Judged[],
): Promise<NewAlert[]> {
  const subjects = spikes.map(({ spender }) => subjectOf(spender));
  const lasts = new Map(
    (await listLastAlertsOf(context.db, subjects)).map((row) => [row.subject, row]),
  );
  return spikes.flatMap(({ spender, hours, verdict }) => {
    if (verdict.verdict !== "spike") return [];
    const before = lasts.get(subjectOf(spender)) ?? null;
    const told = before && { resolvedAtMs: before.resolvedAt?.getTime() ?? null };
    if (!mayTellSpike(told, context.nowMs)) return [];
    return [toAlert(context, last, spender, hours.lastUsd, verdict, before)];
  });
}

function toAlert(
  context: WatchContext,
  last: Stretch,
  spender: Spender,
  lastUsd: FemtoUsd,
  { usualUsd, weeklyUsd, multiple }: Told,
  before: Pick<Alert, "id"> | null,
): NewAlert {
  const { projectId, dimension, value } = spender;
  const subject = subjectOf(spender);
  return newAlert(context, {
    // After the one before it: two processes that find it at once find the same.
    key: `${subject}:after:${before?.id ?? "none"}`,
    subject,
    projectId,
    value: dimension === "project" ? null : value,
    audience: context.rules.ruleFor("spike", projectId).audience,
    facts: {
      kind: "spike",
      dimension,
      value: dimension === "project" ? null : value,
      from: isoOf(last.fromMs),
      to: isoOf(last.toMs),
      usd: formatUsd(lastUsd),
      usual_usd: formatUsd(usualUsd),
      multiple,
      weekly_usd: weeklyUsd === null ? null : formatUsd(weeklyUsd),
    },
  });
}
