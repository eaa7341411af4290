import { formatCostSum, formatQuantity } from "@/lib/format";
import type { IntegrityAnswer } from "@/lib/integrity/integrity-schemas";

/** More than this on the way is more than a moment's work. */
const MANY_EVENTS = 10_000;

/** What a reader of the figures has to know before trusting them, a sentence each, the worst first. */
export function prepareUnwell({
  totals,
  runs,
  rejections,
  gaps,
  spools,
}: IntegrityAnswer): string[] {
  const lines: string[] = [];
  if (totals.different > 0) {
    const days = formatQuantity(totals.different, "day");
    lines.push(`The stores differ on ${days}, by ${formatCostSum(totals.difference_usd)}.`);
  }
  if (runs[0]?.error) lines.push("The last comparison of the stores failed.");
  const gone = spools.filter((spool) => spool.is_gone && spool.backlog_events > 0);
  for (const { id, backlog_events } of gone) {
    const events = formatQuantity(backlog_events, "event");
    lines.push(`Process ${id} was not heard of for a minute, with ${events} not in the figures.`);
  }
  const waiting = spools
    .filter((spool) => !spool.is_gone)
    .reduce((sum, spool) => sum + spool.backlog_events, 0);
  if (waiting >= MANY_EVENTS) {
    lines.push(`${formatQuantity(waiting, "event")} are accepted and not in the figures yet.`);
  }
  const open = rejections.rejected.open + rejections.conflict.open + rejections.poisoned.open;
  if (open > 0) {
    const verb = open === 1 ? "waits" : "wait";
    lines.push(`${formatQuantity(open, "event")} did not count and ${verb} for somebody to look.`);
  }
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  if (missing > 0) {
    lines.push(`${formatQuantity(missing, "event")} of numbered sources never arrived.`);
  }
  return lines;
}
