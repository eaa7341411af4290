import { KINDS_WITH_FLOOR, OPTION_WORDS, type OptionWords } from "@/components/alerts/rule-words";
import { AUDIENCES, type Audience } from "@/lib/alerts/alert";
import type { AlertRuleAnswer } from "@/lib/alerts/alert-rule-schemas";
import type { RuleKind } from "@/lib/alerts/alert-rules";
import { formatUsd, parseUsd } from "@/lib/money";

/** A rule as it is typed. */
export interface RuleDraft {
  kind: RuleKind;
  enabled: boolean;
  /** US dollars. */
  floor: string;
  audience: readonly Audience[];
  /** The kind's own number; empty where it has none. */
  option: string;
}

/** Where a fault stands in the form. */
export type RuleField = "floor" | "audience" | "option";

/** A rule as it would be typed. */
export function ruleDraftOf(rule: AlertRuleAnswer): RuleDraft {
  const { kind, enabled, floor_usd, audience, options } = rule;
  const words = OPTION_WORDS[kind];
  const option = words ? String(options[words.name] ?? "") : "";
  return { kind, enabled, floor: floor_usd, audience, option };
}

/** Adds somebody to those who are told, or takes them off; in the order in which they are always named. */
export function withAudience(
  audience: readonly Audience[],
  one: Audience,
  isTold: boolean,
): Audience[] {
  return AUDIENCES.filter((name) => (name === one ? isTold : audience.includes(name)));
}

/** What is missing or wrong, by field. */
export function listRuleFaults(draft: RuleDraft): Partial<Record<RuleField, string>> {
  const faults: Partial<Record<RuleField, string>> = {};
  if (readFloor(draft) === null) faults.floor = "An amount, such as 1 or 0.50.";
  if (draft.audience.length === 0) faults.audience = "Somebody has to be told; else turn it off.";
  const words = OPTION_WORDS[draft.kind];
  if (words && readOption(draft.option, words) === null) faults.option = words.fault;
  return faults;
}

/** The body of PUT /api/alert-rules; null while something is wrong with the draft. @param project slug; null: everywhere */
export function ruleBody(draft: RuleDraft, project: string | null): object | null {
  const floor = readFloor(draft);
  if (floor === null || Object.keys(listRuleFaults(draft)).length > 0) return null;
  const words = OPTION_WORDS[draft.kind];
  return {
    kind: draft.kind,
    project,
    enabled: draft.enabled,
    floor_usd: floor,
    audience: draft.audience,
    options: words ? { [words.name]: readOption(draft.option, words) } : {},
  };
}

function readFloor({ kind, floor }: RuleDraft): string | null {
  // What has no amount has no floor, whatever stood there.
  if (!KINDS_WITH_FLOOR.has(kind)) return "0";
  const femtoUsd = parseUsd(floor.replace(/[$,\s]/g, ""));
  return femtoUsd === null || femtoUsd < 0n ? null : formatUsd(femtoUsd);
}

function readOption(text: string, { isWhole, least, most }: OptionWords): number | null {
  const typed = text.replace(/[,\s]/g, "");
  if (!(isWhole ? /^\d+$/ : /^\d+(\.\d{1,2})?$/).test(typed)) return null;
  const value = Number(typed);
  return value >= least && value <= most ? value : null;
}
