import type { AlertFacts } from "@/lib/alerts/alert-facts";
import type { AlertAnswer, DeliveryAnswer } from "@/lib/alerts/alert-schemas";

type ThresholdFacts = Extract<AlertFacts, { kind: "threshold" }>;

/** Many values of one budget that passed the same stage in the same period. */
export interface AlertGroup {
  key: string;
  /** Latest first. */
  alerts: readonly AlertAnswer[];
  budgetName: string;
  percent: number;
  /** Those that used most of their limit, with how much of it. */
  fullest: { value: string; usedPercent: number }[];
  /** Of each channel how many notices stand how. */
  told: { channel: string; states: [state: DeliveryAnswer["state"], notices: number][] }[];
}

/** Two are told one by one: a fold would only hide them. */
const MIN_GROUP = 3;
const FULLEST = 3;

/**
 * Folds the crossings of a budget of each value as their notices are folded: by stage, at the place of the latest. Whose
 * values the reader may not see stays as it is.
 * @param alerts latest first
 */
export function groupAlerts(alerts: readonly AlertAnswer[]): (AlertAnswer | AlertGroup)[] {
  const members = new Map<string, AlertAnswer[]>();
  for (const alert of [...alerts].sort(byTimeAndStage)) {
    const key = keyOf(alert);
    const known = members.get(key);
    if (known) known.push(alert);
    else members.set(key, [alert]);
  }
  return [...members].flatMap(([key, group]): (AlertAnswer | AlertGroup)[] => {
    const folded = group.length < MIN_GROUP ? null : toGroup(key, group);
    return folded ? [folded] : group;
  });
}

/** Stages that one jump passed are of one moment: the highest is what matters. */
function byTimeAndStage(a: AlertAnswer, b: AlertAnswer): number {
  return Date.parse(b.opened_at) - Date.parse(a.opened_at) || (b.percent ?? 0) - (a.percent ?? 0);
}

/** Whether it is a fold of several. */
export function isGroup(one: AlertAnswer | AlertGroup): one is AlertGroup {
  return "alerts" in one;
}

function keyOf({ id, budget_id, value, facts }: AlertAnswer): string {
  const known = thresholdOf(facts);
  const isOneOfMany = known !== null && budget_id !== null && value !== null;
  // Sessions and traces have periods of their own: those are folded together.
  return isOneOfMany ? `${budget_id} ${known.percent} ${known.period?.from}` : id;
}

function toGroup(key: string, alerts: readonly AlertAnswer[]): AlertGroup | null {
  const crossed = alerts.flatMap(({ facts, value }) => {
    const known = thresholdOf(facts);
    return known && value !== null ? [{ ...known, value }] : [];
  });
  const [latest] = crossed;
  if (!latest || crossed.length < alerts.length) return null;
  return {
    key,
    alerts,
    budgetName: latest.budget_name,
    percent: latest.percent,
    fullest: crossed
      .map(({ value, used_percent }) => ({ value, usedPercent: used_percent }))
      .sort((a, b) => b.usedPercent - a.usedPercent)
      .slice(0, FULLEST),
    told: countDeliveries(alerts),
  };
}

function thresholdOf(answered: AlertAnswer["facts"]): ThresholdFacts | null {
  // Both ends are built from one contract: `lib/alerts/alert-facts.ts`.
  const facts = answered as AlertFacts | null;
  return facts?.kind === "threshold" ? facts : null;
}

function countDeliveries(alerts: readonly AlertAnswer[]): AlertGroup["told"] {
  const channels = new Map<string, Map<DeliveryAnswer["state"], number>>();
  for (const { channel, state } of alerts.flatMap(({ deliveries }) => deliveries)) {
    const states = channels.get(channel.name) ?? new Map<DeliveryAnswer["state"], number>();
    channels.set(channel.name, states.set(state, (states.get(state) ?? 0) + 1));
  }
  return [...channels].map(([channel, states]) => ({ channel, states: [...states] }));
}
