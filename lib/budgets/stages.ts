import type { Audience } from "@/lib/alerts/alert";
import type { Budget, StageAction, Threshold } from "@/lib/budgets/budget";

/** A stage of a budget: whom it tells, and what it does to calls. */
export interface Stage {
  /** Of a limit, above 0. */
  percent: number;
  /** Ids of channels; empty: those of its audience. */
  notify: readonly string[];
  audience: readonly Audience[];
  /** null: it only tells. */
  action: StageAction | null;
}

/**
 * The stages that are offered for a budget: its lead is told early, at the limit those who pay and those who build, and
 * what goes on past it is closed. For strict budgets too: what is reserved never passes 100 %, so what comes to 120 % are
 * calls that nobody asked for, and that is what a lockout is for.
 */
export const ESCALATION_TEMPLATE: readonly Threshold[] = [
  { percent: 70, notify: [], audience: ["lead"] },
  { percent: 100, notify: [], audience: ["finance", "engineering"] },
  { percent: 120, notify: [], audience: ["lead", "finance", "engineering"], action: "lockout" },
];

/** A budget's stages, lowest first, each with whom it tells. */
export function stagesOf({ thresholds }: Pick<Budget, "thresholds">): Stage[] {
  return thresholds.map(({ percent, notify, audience, action }) => ({
    percent,
    notify,
    audience: audience ?? defaultAudienceOf(percent),
    action: action ?? null,
  }));
}

/** Who is told of a stage that names nobody. */
export function defaultAudienceOf(percent: Threshold["percent"]): readonly Audience[] {
  if (percent < 100) return ["lead"];
  return percent < 120 ? ["finance", "engineering"] : ["lead", "finance", "engineering"];
}
