import { BUCKET_GRAIN, DAY_GRAIN, HOUR_GRAIN, isBlock } from "@/db/clickhouse/cubes";
import { formatCount, formatExactUsd, formatQuantity } from "@/lib/format";
import type { DayComparison, Fault } from "@/lib/integrity/compare-day";
import type { Unsettled } from "@/lib/integrity/find-unsettled";
import { formatUsd } from "@/lib/money";

/** What is wrong with a day, in one sentence. */
export function describeFaults(faults: readonly Fault[]): string {
  const parts: string[] = [];
  const rollups = faults.filter((fault) => fault.kind === "rollup");
  const countOf = (grain: number) => rollups.filter((one) => one.grain === grain).length;
  const [buckets, hours] = [countOf(BUCKET_GRAIN), countOf(HOUR_GRAIN)];
  if (buckets > 0) parts.push(`the rollups of ${formatQuantity(buckets, "bucket")}`);
  if (hours > 0) parts.push(`the rollups of ${formatQuantity(hours, "hour")}`);
  if (countOf(DAY_GRAIN) > 0) parts.push("the rollup of the day");
  const blocks = rollups.filter(({ grain }) => isBlock(grain)).length;
  if (blocks > 0) parts.push(`the rollups of ${formatQuantity(blocks, "block")} of days`);
  const counters = faults.filter(({ kind }) => kind === "counter").length;
  if (counters > 0) parts.push(`the counters of ${formatQuantity(counters, "bucket")}`);
  const text = parts.join(" and ");
  const verb = parts.length > 1 || buckets + hours + blocks + counters > 0 ? "differ" : "differs";
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} ${verb} from the calls.`;
}

/** How large it was and what was done, in words that stay with the day. */
export function describeRepair(comparison: DayComparison): string {
  const { faults, difference } = comparison;
  const hasRollup = faults.some(({ kind }) => kind === "rollup");
  const hasCounter = faults.some(({ kind }) => kind === "counter");
  const done = [
    ...(hasRollup ? ["rollups rebuilt from the calls"] : []),
    ...(hasCounter ? ["counters set to the calls' sum"] : []),
  ].join(", ");
  const size =
    difference === 0n ? "counts differed, dollars did not" : formatExactUsd(formatUsd(difference));
  return `${describeFaults(faults)} Size: ${size}. Repaired: ${done}.`;
}

/** Counters that were made from the calls because there were none. */
export function describeBuilt(faults: readonly Fault[]): string {
  const built = faults.filter((fault) => fault.kind === "uncounted");
  const events = built.reduce((sum, { sums }) => sum + sums.events, 0);
  const cost = built.reduce((sum, { sums }) => sum + sums.cost, 0n);
  return `Counters built from ${formatQuantity(events, "call")} that came before there were any: ${formatExactUsd(formatUsd(cost))}.`;
}

/** Why a difference is not called one yet. */
export function describeWait(unsettled: Unsettled | null, readAtMs: number): string {
  if (unsettled?.isGone) {
    const { backlogEvents, seenAt, id } = unsettled.spool;
    const held = backlogEvents > 0 ? `${formatCount(backlogEvents)} events` : "events";
    return `Process ${id} was last seen ${seenAt.toISOString()} and may hold ${held} of this day. It is compared when the process is back.`;
  }
  const moment = new Date(readAtMs).toISOString();
  return `Events are on their way: compared again when everything accepted before ${moment} is written and counted.`;
}

export const STILL_WRITTEN = "Calls are being written or corrected: compared again when they rest.";
