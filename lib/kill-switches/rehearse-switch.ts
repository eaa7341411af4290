import { listInstances } from "@/db/queries/instances";
import { findSwitchRow } from "@/db/queries/kill-switches";
import type { KillSwitchRow } from "@/db/queries/policy";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { isEngaged } from "@/lib/budgets/policy-holder";
import { OutlayError } from "@/lib/errors";
import { LOST_AFTER_MS } from "@/lib/instances/sum-obedience";
import type { RehearseSwitchInput } from "@/lib/kill-switches/kill-switch-schemas";
import { setKillSwitch } from "@/lib/kill-switches/set-kill-switch";
import { findSwitchTarget } from "@/lib/kill-switches/switch-place";

/** It ends by itself, whatever becomes of who began it. */
const REHEARSAL_MS = 60_000;

/**
 * Stops an agent for at most a minute, to see how long that takes: a switch as any other, which is released when all of
 * its instances have confirmed. It really stops them.
 * @throws OutlayError `forbidden` without both rights, `conflict` where it is stopped already or nothing of it runs
 */
export async function rehearseSwitch(
  context: ActionContext,
  { project, agent, reason }: RehearseSwitchInput,
  nowMs = Date.now(),
): Promise<KillSwitchRow> {
  const target = await findSwitchTarget(context, { scope: "agent", project, value: agent });
  const { projectId } = target;
  requirePermission(context.actor, "switches.release", projectId);
  const row = await findSwitchRow(context.db, target);
  if (row && isEngaged(row, nowMs)) {
    throw new OutlayError("conflict", "This agent is stopped already: nothing can be rehearsed.");
  }
  const since = new Date(nowMs - LOST_AFTER_MS);
  const running =
    projectId === null
      ? []
      : await listInstances(context.db, { projectIds: [projectId], since, agent, limit: 1 });
  if (running.length === 0) {
    const detail = "No instance of this agent was seen in the last 15 seconds.";
    throw new OutlayError("conflict", detail);
  }
  const until = new Date(nowMs + REHEARSAL_MS).toISOString();
  const change = { scope: "agent", project, value: agent, engaged: true, reason, until } as const;
  return setKillSwitch(context, change, nowMs);
}
