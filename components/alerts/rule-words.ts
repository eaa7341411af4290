import { sayAudience } from "@/components/alerts/kind-words";
import type { AlertRuleAnswer } from "@/lib/alerts/alert-rule-schemas";
import type { RuleKind } from "@/lib/alerts/alert-rules";
import { formatCostSum, formatCount, formatDuration } from "@/lib/format";
import { parseUsd } from "@/lib/money";

/** Kinds that have an amount, and so a floor. */
export const KINDS_WITH_FLOOR: ReadonlySet<RuleKind> = new Set<RuleKind>([
  "spike",
  "forecast",
  "unreserved",
]);

/** The one number that a kind has of its own. */
export interface OptionWords {
  name: string;
  label: string;
  hint: string;
  fault: string;
  isWhole: boolean;
  least: number;
  most: number;
}

/** By kind; a kind without a number of its own is not there. */
export const OPTION_WORDS: Readonly<Partial<Record<RuleKind, OptionWords>>> = {
  spike: {
    name: "multiple",
    label: "Times the usual hour",
    hint: "The mean of the last 24 complete hours; from the third week on the same hour of the week counts too.",
    fault: "A number from 1.1 to 1,000, with at most two decimals.",
    isWhole: false,
    least: 1.1,
    most: 1_000,
  },
  silence: {
    name: "minutes",
    label: "Minutes without an event",
    hint: "It takes also twice the longest gap of the source's last seven days.",
    fault: "Whole minutes, from 5 to 43,200 (30 days).",
    isWhole: true,
    least: 5,
    most: 43_200,
  },
  unpriced: {
    name: "share_percent",
    label: "Percent of a day's calls",
    hint: "A model that is new and without a price is told of whatever the share, once.",
    fault: "A percentage from 0.01 to 100, with at most two decimals.",
    isWhole: false,
    least: 0.01,
    most: 100,
  },
};

type Rule = Pick<AlertRuleAnswer, "kind" | "enabled" | "floor_usd" | "audience" | "options">;

/** A rule as a sentence: what is told, from when on, to whom. */
export function describeRule(rule: Rule): string {
  if (!rule.enabled) return "Off: nobody is told, and nothing of it is recorded.";
  return `${describeCause(rule)}${describeFloor(rule)}: tells ${sayAudience(rule.audience)}.`;
}

function describeCause({ kind, options }: Rule): string {
  switch (kind) {
    case "spike":
      return `An hour at ${options.multiple ?? "—"} times the usual`;
    case "forecast":
      return "A budget that ends before its period";
    case "silence":
      return `A source without an event for ${sayMinutes(options.minutes ?? 0)}`;
    case "unpriced":
      return `A model without a price, and more than ${options.share_percent ?? "—"} % of a day's calls without one`;
    case "unreserved":
      return "Spending that a strict budget was not asked for";
  }
}

function describeFloor({ kind, floor_usd }: Rule): string {
  const floor = parseUsd(floor_usd) ?? 0n;
  if (!KINDS_WITH_FLOOR.has(kind) || floor === 0n) return "";
  return `, from ${formatCostSum(floor_usd).replace(/\.00$/, "")} on`;
}

function sayMinutes(minutes: number): string {
  if (minutes < 60) return `${formatCount(minutes)} min`;
  return formatDuration(minutes * 60_000).replace(/ 0 (min|h)$/, "");
}
