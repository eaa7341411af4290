import type { AlertAnswer, AlertListAnswer } from "@/lib/alerts/alert-schemas";
import { SEVERITIES } from "@/lib/alerts/describe-alert";
import { formatQuantity } from "@/lib/format";

/** More than these are counted, not named. */
const NAMED = 3;

/** What nobody is at. */
export interface OpenAlerts {
  /** `4 alerts that nobody acknowledged`. */
  title: string;
  /** The gravest first, of these the latest. */
  named: AlertAnswer[];
  /** How many are not named; 0: none. */
  rest: number;
}

/** Puts the open alerts into a strip; null where there are none. */
export function summariseOpen({ alerts, next_cursor }: AlertListAnswer): OpenAlerts | null {
  if (alerts.length === 0) return null;
  const count = formatQuantity(alerts.length, "alert");
  const graveness = ({ severity }: AlertAnswer) => SEVERITIES.indexOf(severity);
  // A sort keeps the order of equals: the latest of them stays first.
  const worst = alerts.toSorted((one, two) => graveness(two) - graveness(one));
  return {
    title: `${next_cursor === null ? "" : "More than "}${count} that nobody acknowledged`,
    named: worst.slice(0, NAMED),
    rest: alerts.length - Math.min(NAMED, alerts.length),
  };
}
