import type { SwitchTarget } from "@/components/kill-switches/switch-requests";
import { formatCount, formatDuration, formatQuantity } from "@/lib/format";
import type { InstanceCount, Obedience } from "@/lib/instances/instance-schemas";
import type { SwitchScope } from "@/lib/kill-switches/kill-switch-schemas";

/** Those that stop an instance whole; the others stop some of its calls. */
const STOPS_WHOLE: readonly SwitchScope[] = ["global", "project", "agent"];

/** Whether a switch stops an instance, and not only some of its calls. */
export function stopsWhole(scope: SwitchScope): boolean {
  return STOPS_WHOLE.includes(scope);
}

/**
 * Who has obeyed an engaged switch: `11 of 12 instances confirmed stopped, 1 not seen for 40 s`.
 * @returns `words`, and apart from them `since`, which each second changes: nobody is to be told of that anew
 */
export function describeObedience(
  scope: SwitchScope,
  { instances, confirmed, unseen, longest_unseen_seconds, slowest_ms }: Obedience,
): { words: string; since: string } {
  if (instances === 0) {
    return { words: describeNobody(scope), since: "" };
  }
  const whole = stopsWhole(scope);
  const did = whole ? "confirmed stopped" : instances === 1 ? "knows it" : "know it";
  const who = `${formatCount(confirmed)} of ${formatCount(instances)} instances ${did}`;
  const waiting = instances - confirmed - unseen;
  const since =
    unseen === 0 || longest_unseen_seconds === null
      ? ""
      : ` for ${unseen > 1 ? "up to " : ""}${formatSeconds(longest_unseen_seconds)}`;
  // Of a switch that stops some calls, an instance's time moves with each later change of the policy.
  // None at all: something else had halted them before.
  const isTimed = whole && slowest_ms !== null && slowest_ms > 0 && confirmed === instances;
  const last = isTimed
    ? `, ${instances > 1 ? "last one " : ""}after ${formatSeconds(slowest_ms / 1000)}`
    : "";
  const late = waiting > 0 ? `, ${formatCount(waiting)} not yet` : "";
  const silent = unseen > 0 ? `, ${formatCount(unseen)} not seen` : "";
  return { words: `${who}${last}${late}${silent}`, since };
}

function describeNobody(scope: SwitchScope): string {
  return stopsWhole(scope)
    ? "No instance tells Outlay what it obeys: agents without the SDK are stopped at their next reservation"
    : "No instance tells Outlay what it obeys: without the SDK calls are refused at their next reservation";
}

/** Seconds as people read a clock: `0.43 s`, `40 s`, `2 min 5 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.995 && !Number.isInteger(seconds)) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  return formatDuration(seconds * 1000);
}

/** Whether some that a switch is about have yet to confirm. */
export function isAwaited(obedience: Obedience | null): boolean {
  return obedience !== null && obedience.confirmed < obedience.instances;
}

/** How many instances a switch is about. @param counts of the projects that the reader may see */
export function countInstancesOf(
  { scope, project, value }: SwitchTarget,
  counts: readonly InstanceCount[],
): { instances: number; unseen: number } {
  const place = scope === "project" ? (value ?? project) : project;
  const sum = { instances: 0, unseen: 0 };
  for (const count of counts) {
    if (scope !== "global" && count.project !== place) continue;
    if (scope === "agent" && count.agent !== value) continue;
    sum.instances += count.instances;
    sum.unseen += count.unseen;
  }
  return sum;
}

/** What an engagement would reach, before it is made. */
export function describeReach(
  scope: SwitchScope,
  { instances, unseen }: { instances: number; unseen: number },
): string {
  if (instances === 0) return `${describeNobody(scope)}.`;
  const running = instances - unseen;
  const silence = "not seen for 15 s or longer";
  if (running === 0) return `${formatQuantity(instances, "instance")}, ${silence}.`;
  const one = running === 1;
  const run = `${formatQuantity(running, "instance")} ${one ? "runs" : "run"} now`;
  const act = stopsWhole(scope)
    ? `${one ? "it stops" : "each stops"} at once and confirms it`
    : `${one ? "it refuses" : "each refuses"} such calls at once and confirms that it knows`;
  const silent = unseen > 0 ? ` ${formatCount(unseen)} more: ${silence}.` : "";
  return `${run}: ${act}.${silent}`;
}
