import type { Audience } from "@/lib/alerts/alert";

/** Kinds of alerts that a rule steers. A budget's stages are its own thresholds. */
export const RULE_KINDS = ["spike", "forecast", "silence", "unpriced", "unreserved"] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** What only one kind's rule has. */
export interface RuleOptions {
  /** The hour is a spike from so many times the usual on; hundredths count. */
  spike: { multiple: number };
  forecast: Record<never, never>;
  /** Nobody is told of a source that was silent for less. */
  silence: { minutes: number };
  /** Of a day's calls, in percent. */
  unpriced: { share_percent: number };
  unreserved: Record<never, never>;
}

/** Whether a kind of alert is raised, from which amount on, and for whom. */
export interface AlertRule<Kind extends RuleKind = RuleKind> {
  kind: Kind;
  enabled: boolean;
  /** US dollars as a decimal string: nobody is told of less. Silence and missing prices have no amount. */
  floorUsd: string;
  audience: readonly Audience[];
  options: RuleOptions[Kind];
}

/** Any kind's rule. */
export type AnyAlertRule = { [Kind in RuleKind]: AlertRule<Kind> }[RuleKind];

type Defaults = { readonly [Kind in RuleKind]: AlertRule<Kind> };

/** What holds where nobody set a rule. Below a dollar an hour three times as much is one person trying something. */
export const DEFAULT_RULES: Defaults = {
  spike: {
    kind: "spike",
    enabled: true,
    floorUsd: "1",
    audience: ["lead", "engineering"],
    options: { multiple: 3 },
  },
  forecast: {
    kind: "forecast",
    enabled: true,
    floorUsd: "1",
    audience: ["lead", "finance"],
    options: {},
  },
  silence: {
    kind: "silence",
    enabled: true,
    floorUsd: "0",
    audience: ["engineering"],
    options: { minutes: 60 },
  },
  unpriced: {
    kind: "unpriced",
    enabled: true,
    floorUsd: "0",
    audience: ["finance", "engineering"],
    options: { share_percent: 5 },
  },
  unreserved: {
    kind: "unreserved",
    enabled: true,
    floorUsd: "0",
    audience: ["engineering"],
    options: {},
  },
};
