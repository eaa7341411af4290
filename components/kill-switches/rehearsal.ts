import { formatSeconds } from "@/components/kill-switches/obedience-words";
import { formatCount } from "@/lib/format";
import type { InstanceListAnswer } from "@/lib/instances/instance-schemas";

/** What became of an instance in a rehearsal. */
export interface Measured {
  instanceId: string;
  /** `halted_before`: something else had stopped it, so that there is no time. `lost`: not seen for 15 seconds. */
  state: "stopped" | "halted_before" | "waiting" | "lost";
  /** From the switch to its confirmation by the server's clock, in ms; null: it has no time. */
  afterMs: number | null;
}

/** A rehearsal: what it stopped, when, and what was measured. */
export interface Rehearsal {
  /** Slug. */
  project: string;
  agent: string;
  /** RFC 3339, of the switch: by it the switch is known as that of this rehearsal. */
  engagedAt: string;
  /** RFC 3339: by itself it ends then. */
  until: string;
  /** When this browser heard of it, ms since 1970 by its own clock: older answers say nothing of it. */
  begunMs: number;
  measured: readonly Measured[];
  /** `replaced`: somebody has stopped the agent meanwhile, so that it stays stopped. null: it is under way. */
  end: "over" | "replaced" | null;
}

/** Takes in what instances say now. Who has confirmed stays so: after the release they run again. */
export function measureRehearsal(
  { measured, engagedAt }: Pick<Rehearsal, "measured" | "engagedAt">,
  { instances, policy_version }: InstanceListAnswer,
): Measured[] {
  const done = new Map(
    measured.filter(isConfirmed).map((one): [string, Measured] => [one.instanceId, one]),
  );
  const now = new Map(
    instances.map((one): [string, Measured] => {
      const afterMs = Date.parse(one.state_since) - Date.parse(engagedAt);
      const isHalted = one.state === "halted";
      const instanceId = one.instance_id;
      if (isHalted && afterMs >= 0) return [instanceId, { instanceId, state: "stopped", afterMs }];
      const state =
        isHalted && one.policy_version >= policy_version
          ? "halted_before"
          : one.is_lost
            ? "lost"
            : "waiting";
      return [instanceId, { instanceId, state, afterMs: null }];
    }),
  );
  // Who ended without a word of it is gone, and stops nothing any more.
  return [...new Map([...now, ...done]).values()].sort(byTime);
}

/** Those that are waited for first, then who took longest. */
function byTime(one: Measured, two: Measured): number {
  return (
    Number(isConfirmed(one)) - Number(isConfirmed(two)) ||
    (two.afterMs ?? -1) - (one.afterMs ?? -1) ||
    one.instanceId.localeCompare(two.instanceId)
  );
}

export function isConfirmed({ state }: Measured): boolean {
  return state === "stopped" || state === "halted_before";
}

/** Whether there is nobody left to wait for. */
export function isComplete({ measured }: Pick<Rehearsal, "measured">): boolean {
  return measured.length > 0 && measured.every(isConfirmed);
}

/** Whether a switch, as the page knows it, still is that of the rehearsal. @param asOfMs when the page heard of it */
export function endOfRehearsal(
  rehearsal: Rehearsal,
  engaged: { engaged_at: string | null } | null,
  asOfMs: number,
): Rehearsal["end"] {
  if (rehearsal.end !== null) return rehearsal.end;
  if (asOfMs <= rehearsal.begunMs || engaged?.engaged_at === rehearsal.engagedAt) return null;
  return engaged ? "replaced" : "over";
}

/** The result in a sentence: `All 12 stopped after 0.43 s.` */
export function describeResult({ measured, end }: Pick<Rehearsal, "measured" | "end">): string {
  const stopped = measured.filter(isConfirmed).length;
  const all = measured.length;
  const times = measured.flatMap(({ afterMs }) => afterMs ?? []);
  const after = times.length > 0 ? ` after ${formatSeconds(Math.max(...times) / 1000)}` : "";
  if (all === 0) return end === null ? "Waiting for instances." : "No instance was measured.";
  if (stopped === all && times.length === 0) return "Something else had halted all of them before.";
  if (stopped === all && all > 1) return `All ${formatCount(all)} stopped${after}.`;
  const who = `${formatCount(stopped)} of ${formatCount(all)} stopped`;
  if (stopped === all) return `${who}${after}.`;
  const last = after === "" ? "" : `, the last${after}`;
  return `${who}${last}${end === null ? " so far" : ": the others did not confirm"}.`;
}

/** An instance's time, or why there is none. */
export function describeMeasured({ state, afterMs }: Measured, end: Rehearsal["end"]): string {
  if (state === "stopped" && afterMs !== null) return formatSeconds(afterMs / 1000);
  if (state === "halted_before") return "halted before";
  if (state === "lost") return "not seen for 15 s";
  return end === null ? "waiting…" : "did not confirm";
}

/** The result as it is copied: a sentence, and a line for each instance. */
export function copyResult(rehearsal: Rehearsal): string {
  const { agent, project, engagedAt, measured, end } = rehearsal;
  return [
    `Rehearsed stop of agent ${agent} in project ${project} at ${engagedAt}: ${describeResult(rehearsal)}`,
    ...measured.map((one) => `${one.instanceId}\t${describeMeasured(one, end)}`),
  ].join("\n");
}
