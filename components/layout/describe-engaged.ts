import type { EngagedSwitchesAnswer } from "@/lib/kill-switches/kill-switch-schemas";

type Engaged = EngagedSwitchesAnswer["switches"][number];

/** How many are named before the rest is counted. */
const NAMED = 3;

/** What is stopped, in one sentence: `Stopped: everything. Reason: a loop.` Null where nothing is. */
export function describeEngaged(switches: readonly Engaged[]): string | null {
  const [first] = switches;
  if (!first) return null;
  const whole = switches.find(({ scope }) => scope === "global");
  if (whole) return `Every agent is stopped: ${endSentence(whole.reason)}`;
  if (switches.length === 1)
    return `${capital(nameOf(first))} is stopped: ${endSentence(first.reason)}`;
  const names = switches.slice(0, NAMED).map(nameOf).join(", ");
  const more = switches.length - NAMED;
  return `Stopped: ${names}${more > 0 ? ` and ${more} more` : ""}.`;
}

function nameOf({ scope, project, value }: Engaged): string {
  if (scope === "project") return `project ${project ?? value ?? ""}`.trim();
  return `${scope} ${value ?? ""}${project === null ? "" : ` of ${project}`}`;
}

function endSentence(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
