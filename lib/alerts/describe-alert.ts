import type { AlertAction, AlertKind, Audience } from "@/lib/alerts/alert";
import type { AlertFacts, FactsOf } from "@/lib/alerts/alert-facts";
import { formatCostSum, formatCount, formatDuration, formatQuantity } from "@/lib/format";

export const SEVERITIES = ["info", "warning", "error", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** An alert as it is put into words. */
export interface DescribedAlert {
  id: string;
  /** Slug; null: the whole installation. */
  project: string | null;
  budgetId: string | null;
  /** What it is about, as people call it; null: everything. */
  value: string | null;
  audience: readonly Audience[];
  facts: AlertFacts;
  openedAt: Date;
}

/** An alert in words, the same in every channel and on the screen. Plain text: who shows it escapes it. */
export interface AlertDescription {
  kind: AlertKind;
  /** One line: what and how much. */
  title: string;
  /** Since when, against what, by whose count. */
  lines: string[];
  /** Whom it is for. */
  toldTo: string;
  /** What is refused or slowed next, or that nothing is. */
  whatStopsNext: string;
  /** RFC 3339: since when it is so. */
  since: string;
  severity: Severity;
  /** Path of the page that acts on it. */
  link: string;
}

/** Puts an alert into words. */
export function describeAlert(alert: DescribedAlert): AlertDescription {
  const { facts, project, audience } = alert;
  const where = project === null ? [] : [`Project ${project}.`];
  const told = {
    kind: facts.kind,
    toldTo: audience.length === 0 ? "the channels it names" : audience.join(", "),
    since: alert.openedAt.toISOString(),
  };
  const words = describeFacts(alert, facts);
  return { ...told, ...words, lines: [...words.lines, ...where] };
}

type Words = Omit<AlertDescription, "kind" | "toldTo" | "since"> & { since?: string };

function describeFacts(alert: DescribedAlert, facts: AlertFacts): Words {
  switch (facts.kind) {
    case "threshold":
      return describeThreshold(alert, facts);
    case "unreserved":
      return {
        title: `${facts.budget_name}${ofValue(alert)}: ${formatCostSum(facts.usd)} was spent that nobody had reserved`,
        lines: [
          `${formatQuantity(facts.events, "event")} of this strict budget held nothing of it, or cost more than they held.`,
        ],
        whatStopsNext: "Nothing by itself: such calls pass by the cap. Find who makes them.",
        severity: "error",
        link: budgetLink(alert),
      };
    case "spike":
      return describeSpike(alert, facts);
    case "forecast":
      return {
        title: `${facts.budget_name}${ofValue(alert)} runs out ${sayTime(facts.runs_out_at)} at this rate`,
        lines: [
          `${formatCostSum(facts.spent_usd)} of ${formatCostSum(facts.limit_usd)} is spent; the period would cost ${formatCostSum(facts.forecast_usd)}.`,
          ...sayPeriod(facts.period),
        ],
        whatStopsNext: `What the budget does at its limit, about ${sayTime(facts.runs_out_at)}.`,
        severity: "warning",
        link: budgetLink(alert),
      };
    case "silence":
      return {
        title: `${facts.source || "Whatever names no source"} stopped sending`,
        lines: [
          `Its last event is of ${sayTime(facts.last_at)}, ${formatDuration(facts.silent_seconds * 1000)} ago.`,
          ...(facts.longest_gap_seconds === null
            ? []
            : [
                `Its longest gap of the last seven days is ${formatDuration(facts.longest_gap_seconds * 1000)}.`,
              ]),
        ],
        whatStopsNext: "Nothing, and that is the danger: caps count what is sent.",
        since: facts.last_at,
        severity: "error",
        link: alertLink(alert),
      };
    case "unpriced":
      return describeUnpriced(facts);
  }
}

function describeThreshold(alert: DescribedAlert, facts: FactsOf<"threshold">): Words {
  const amount = (text: string) => sayAmount(facts.measure, text);
  const isStopped = facts.mode !== "observe" && stops(facts.action);
  return {
    title: `${facts.budget_name}${ofValue(alert)} passed ${facts.percent} %: ${amount(facts.spent)} of ${amount(facts.limit)}`,
    lines: [
      `${facts.used_percent} % of the limit is spent; the stage is at ${facts.percent} %.`,
      ...sayPeriod(facts.period),
    ],
    whatStopsNext: sayWhatStops(facts),
    severity: isStopped ? "critical" : facts.percent >= 100 ? "error" : "warning",
    link: budgetLink(alert),
  };
}

function sayWhatStops({ mode, action, next, period }: FactsOf<"threshold">): string {
  if (mode === "observe") return "Nothing: this budget only observes.";
  const until = period === null ? "" : ` until ${sayTime(period.to)}`;
  if (action === "lockout") {
    return `Every call it binds is refused${until}, unless its limit is changed or an admin unlocks it.`;
  }
  if (action !== null) return `${capital(sayAction(action))}${until}.`;
  if (next === null) return "Nothing: no further stage is set.";
  return next.action === null
    ? `Nothing yet: at ${next.percent} % the next stage is told.`
    : `At ${next.percent} % ${sayAction(next.action)}.`;
}

function sayAction(action: AlertAction): string {
  switch (action) {
    case "block":
      return "calls that do not fit are refused";
    case "throttle":
      return "calls are let through at a rate only";
    case "reroute":
      return "calls go to a cheaper model";
    case "lockout":
      return "every call it binds is refused";
  }
}

function describeSpike(alert: DescribedAlert, facts: FactsOf<"spike">): Words {
  const { dimension, multiple, usd, usual_usd, weekly_usd, from, to } = facts;
  const about =
    dimension === "project"
      ? `Project ${alert.value ?? alert.project ?? facts.value ?? ""}`.trim()
      : `${capital(dimension)} ${alert.value ?? facts.value ?? "(untagged)"}`;
  return {
    title:
      multiple === null
        ? `${about} spends where nothing was usual: ${formatCostSum(usd)} in an hour`
        : `${about} spends ${multiple} times what is usual: ${formatCostSum(usd)} in an hour`,
    lines: [
      `From ${sayTime(from)} to ${sayTime(to)}; usual is ${formatCostSum(usual_usd)} an hour.`,
      ...(weekly_usd === null
        ? []
        : [`This hour of the week costs ${formatCostSum(weekly_usd)} in other weeks.`]),
    ],
    whatStopsNext: "Nothing by itself: a kill switch stops it, a budget would have.",
    since: from,
    severity: multiple === null || multiple >= 10 ? "error" : "warning",
    link: alertLink(alert),
  };
}

function describeUnpriced(facts: FactsOf<"unpriced">): Words {
  const words = {
    whatStopsNext:
      "Nothing, unless a budget says so: its calls count as nothing until they have a price.",
    severity: "warning" as const,
    link: "/prices",
  };
  if ("model" in facts) {
    const by = facts.provider === null ? "" : ` of ${facts.provider}`;
    return {
      ...words,
      title: `${facts.model}${by} has no price`,
      lines: [`${formatQuantity(facts.calls, "call")} so far cost an unknown amount.`],
    };
  }
  return {
    ...words,
    title: `${facts.share_percent} % of a day's calls have no price`,
    lines: [`${formatCount(facts.unpriced_calls)} of ${formatQuantity(facts.calls, "call")}.`],
  };
}

/** Whether what a stage does refuses calls; a slower or a cheaper call is still one. */
export function stops(action: AlertAction | null): boolean {
  return action === "block" || action === "lockout";
}

function sayAmount(measure: FactsOf<"threshold">["measure"], text: string): string {
  if (measure === "usd") return formatCostSum(text);
  if (measure === "seconds") return formatDuration(Number(text) * 1000);
  return `${formatCount(BigInt(text.replace(/\..*$/, "")))} ${measure.replace("_", " ")}`;
}

function sayPeriod(period: { from: string; to: string } | null): string[] {
  return period === null ? [] : [`Its period is ${sayTime(period.from)} to ${sayTime(period.to)}.`];
}

/** UTC, to the minute: a notice is read in another zone than it was made in. */
function sayTime(time: string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function ofValue({ value }: DescribedAlert): string {
  return value === null ? "" : `, ${value},`;
}

function budgetLink(alert: DescribedAlert): string {
  return alert.budgetId === null ? alertLink(alert) : `/budgets/${alert.budgetId}`;
}

function alertLink({ id }: DescribedAlert): string {
  return `/alerts?alert=${id}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
