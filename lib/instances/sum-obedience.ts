import type { InstanceRow } from "@/db/queries/instances";
import type { KillSwitchRow } from "@/db/queries/policy";
import type { Obedience } from "@/lib/instances/instance-schemas";

/** An agent's heartbeat comes every five seconds: two may be lost. */
export const LOST_AFTER_MS = 15_000;
/** Who was silent for longer is no agent that runs. */
export const COUNTED_FOR_MS = 600_000;

type Switch = Pick<KillSwitchRow, "scope" | "projectId" | "value" | "engagedAt" | "engagedVersion">;

/**
 * Who has obeyed an engaged switch. One of a feature, user or model stops some calls of any instance and none of them
 * whole: who obeys its version has confirmed. Of the others an instance says `halted`, when nothing runs any more.
 */
export function sumObedience(
  stop: Switch,
  instances: readonly InstanceRow[],
  nowMs: number,
): Obedience {
  const about = instances.filter(
    (row) => isAbout(stop, row) && row.seenAt.getTime() > nowMs - COUNTED_FOR_MS,
  );
  const sinceMs = stop.engagedAt?.getTime() ?? nowMs;
  const confirmedMs = about.flatMap((row) => confirmedAt(stop, row, sinceMs) ?? []);
  // One that was started anew meanwhile was stopped before its first call: it says nothing of how long stopping took.
  const stoppedMs = about
    .filter(({ firstSeenAt }) => firstSeenAt.getTime() <= sinceMs)
    .flatMap((row) => confirmedAt(stop, row, sinceMs) ?? []);
  const silentMs = about
    .filter((row) => confirmedAt(stop, row, sinceMs) === null)
    .map(({ seenAt }) => nowMs - seenAt.getTime())
    .filter((ms) => ms >= LOST_AFTER_MS);
  return {
    instances: about.length,
    confirmed: confirmedMs.length,
    unseen: silentMs.length,
    longest_unseen_seconds: silentMs.length > 0 ? Math.floor(Math.max(...silentMs) / 1000) : null,
    slowest_ms: stoppedMs.length > 0 ? Math.max(...stoppedMs) - sinceMs : null,
  };
}

function isAbout({ scope, projectId, value }: Switch, row: InstanceRow): boolean {
  if (projectId !== null && row.projectId !== projectId) return false;
  return scope !== "agent" || row.agent === (value ?? "");
}

const STOPS_WHOLE: readonly string[] = ["global", "project", "agent"];

/** When an instance confirmed, ms since 1970; null: it has not. */
function confirmedAt(stop: Switch, row: InstanceRow, sinceMs: number): number | null {
  if (stop.engagedVersion === null || row.policyVersion < stop.engagedVersion) return null;
  const isWhole = STOPS_WHOLE.includes(stop.scope);
  if (isWhole && row.state !== "halted") return null;
  // One that another switch had halted before confirmed this one with its next word, at the latest now.
  const at = isWhole ? row.stateSince.getTime() : row.obeysSince.getTime();
  return Math.max(at, sinceMs);
}
