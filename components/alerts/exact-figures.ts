import type { AlertFacts } from "@/lib/alerts/alert-facts";
import type { AlertAnswer } from "@/lib/alerts/alert-schemas";
import { formatExactUsd } from "@/lib/format";

/** What an alert says, to the last digit, for hover; null where it has no figures, or the reader may not see them. */
export function exactFigures(answered: AlertAnswer["facts"]): string | null {
  if (answered === null) return null;
  // Both ends are built from one contract: `lib/alerts/alert-facts.ts`.
  const facts = answered as AlertFacts;
  switch (facts.kind) {
    case "threshold": {
      const { measure, spent, limit } = facts;
      const say = (amount: string) =>
        measure === "usd" ? formatExactUsd(amount) : `${amount} ${measure.replace("_", " ")}`;
      return `${say(spent)} of ${say(limit)}, ${facts.used_percent} %`;
    }
    case "unreserved":
      return `${formatExactUsd(facts.usd)} of ${facts.events} events`;
    case "spike": {
      const weekly =
        facts.weekly_usd === null
          ? ""
          : `, this hour of the week ${formatExactUsd(facts.weekly_usd)}`;
      return `${formatExactUsd(facts.usd)} in the hour, usual ${formatExactUsd(facts.usual_usd)}${weekly}`;
    }
    case "forecast":
      return `${formatExactUsd(facts.spent_usd)} of ${formatExactUsd(facts.limit_usd)} spent, ${formatExactUsd(facts.forecast_usd)} at the period's end`;
    case "silence":
      return `last event ${facts.last_at}`;
    case "unpriced":
      return "model" in facts
        ? `${facts.calls} calls`
        : `${facts.unpriced_calls} of ${facts.calls} calls`;
  }
}
