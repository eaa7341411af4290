import { writeFilter } from "@/components/filters/filter-param";
import type { AlertFacts } from "@/lib/alerts/alert-facts";
import type { AlertAnswer } from "@/lib/alerts/alert-schemas";
import {
  budgetPath,
  CALLS_PATH,
  CONTROLS_PATH,
  EXPLORE_PATH,
  INTEGRITY_PATH,
  PRICES_PATH,
  withQuery,
} from "@/lib/paths";
import { formatEdge } from "@/lib/time-range";

export interface AlertLink {
  label: string;
  href: string;
}

/** The pages that act on an alert, the nearest first. @param timeZone the organisation's, as screens read ranges */
export function listAlertLinks(alert: AlertAnswer, timeZone: string): AlertLink[] {
  const { kind, budget_id, project } = alert;
  const search = new URLSearchParams(project === null ? {} : { project });
  const controls = { label: "Controls", href: withQuery(CONTROLS_PATH, search) };
  switch (kind) {
    case "threshold":
    case "forecast":
    case "unreserved":
      return budget_id === null
        ? []
        : [{ label: "The budget", href: budgetPath(budget_id, search) }];
    case "spike":
      return [...linksOfSpike(alert, search, timeZone), controls];
    case "silence":
      return [{ label: "Integrity", href: withQuery(INTEGRITY_PATH, search) }];
    case "unpriced":
      return [{ label: "Prices", href: withQuery(PRICES_PATH, search) }];
  }
}

function linksOfSpike(
  { facts: answered }: AlertAnswer,
  search: URLSearchParams,
  timeZone: string,
): AlertLink[] {
  // Null where it would name what the reader may not see.
  const facts = answered as AlertFacts | null;
  if (facts?.kind !== "spike") return [];
  const hour = new URLSearchParams(search);
  hour.set("range", "custom");
  hour.set("from", formatEdge(Date.parse(facts.from), timeZone));
  hour.set("to", formatEdge(Date.parse(facts.to), timeZone));
  if (facts.dimension !== "project") {
    const filter = { dimension: facts.dimension, value: facts.value ?? "" };
    hour.append("filter", writeFilter(filter));
  }
  return [
    { label: "Explore that hour", href: withQuery(EXPLORE_PATH, hour) },
    { label: "Its calls", href: withQuery(CALLS_PATH, hour) },
  ];
}
