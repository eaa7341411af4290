import { type AlertDescription, SEVERITIES, type Severity } from "@/lib/alerts/describe-alert";
import { formatQuantity } from "@/lib/format";

/** More of them are counted, not told: nobody reads a thousand lines, and channels refuse them. */
const SHOWN_ALERTS = 20;

export interface NoticeAlert extends AlertDescription {
  id: string;
  /** Slug; null: the whole installation. */
  project: string | null;
  /** As recorded: what a program reads. */
  facts: unknown;
}

/** What one channel is told at once: an alert, several of one stage, or that they are over. */
export interface Notice {
  /** The same for each try of it; another one when a person has it sent again. */
  id: string;
  /** The same for what opens and what resolves it. */
  dedupKey: string;
  event: "alert" | "resolved" | "test";
  /** At least one, unless it is resolved. */
  alerts: readonly NoticeAlert[];
  /** Where people reach Outlay, without a slash at the end. */
  publicUrl: string;
}

/** How a channel said that it took a notice. */
export interface Receipt {
  status: number | null;
  text: string;
}

/** Its one line. */
export function titleOf({ alerts: [first, ...others] }: Notice): string {
  if (!first) return "It is over";
  return others.length === 0 ? first.title : `${first.title}, and ${others.length} more`;
}

/** The gravest of what it tells. */
export function severityOf({ alerts }: Notice): Severity {
  return SEVERITIES.findLast((one) => alerts.some(({ severity }) => severity === one)) ?? "info";
}

/** Those that are told in full, and how many are not. */
export function shownAlertsOf({ alerts }: Notice): { shown: readonly NoticeAlert[]; rest: string } {
  const shown = alerts.slice(0, SHOWN_ALERTS);
  const left = alerts.length - shown.length;
  return { shown, rest: left === 0 ? "" : `And ${formatQuantity(left, "more alert")}.` };
}

/** Address of the page that acts on an alert. */
export function urlOf({ publicUrl }: Notice, { link }: AlertDescription): string {
  return `${publicUrl}${link}`;
}

/** Where somebody sees all of it. */
export function mainUrlOf(notice: Notice): string {
  const [first] = notice.alerts;
  return first && notice.alerts.length === 1 ? urlOf(notice, first) : `${notice.publicUrl}/alerts`;
}
