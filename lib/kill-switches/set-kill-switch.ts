import { findSwitchRow, type SwitchTarget, saveSwitchRow } from "@/db/queries/kill-switches";
import { changePolicyVersion, type KillSwitchRow } from "@/db/queries/policy";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { isEngaged } from "@/lib/budgets/policy-holder";
import { OutlayError } from "@/lib/errors";
import type { PutKillSwitchInput } from "@/lib/kill-switches/kill-switch-schemas";
import { findSwitchTarget, wrong } from "@/lib/kill-switches/switch-place";
import type { Permission } from "@/lib/permissions";

/**
 * Engages or releases a switch. It holds for the very next reservation: the change waits for those being decided.
 * An engineer engages, and only an admin releases; making an engaged one end earlier is releasing it.
 * @throws OutlayError `forbidden`, `not_found` for its project or for one to release that was never engaged,
 * `unprocessable`
 */
export async function setKillSwitch(
  context: ActionContext,
  input: PutKillSwitchInput,
  nowMs = Date.now(),
): Promise<KillSwitchRow> {
  const target = await findSwitchTarget(context, input);
  const until = readUntil(input, nowMs);
  requireSwitch(context, target, input.engaged ? "switches.engage" : "switches.release");
  return context.db.transaction(async (tx) => {
    const version = await changePolicyVersion(tx);
    const row = await findSwitchRow(tx, target);
    if (!input.engaged && !row) throw new OutlayError("not_found", "No such switch was engaged.");
    if (row && isEngaged(row, nowMs) && input.engaged && endsEarlier(until, row.until)) {
      requireSwitch(context, target, "switches.release");
    }
    // Released already: who did it and why stays as it is.
    if (row && !input.engaged && row.engagedAt === null) return row;
    const at = new Date(nowMs);
    const saved = await saveSwitchRow(tx, row?.id ?? null, {
      ...target,
      ...(input.engaged
        ? {
            engagedAt: at,
            engagedBy: context.actor.name,
            engagedVersion: version,
            reason: input.reason,
            until,
          }
        : {
            engagedAt: null,
            releasedAt: at,
            releasedBy: context.actor.name,
            releaseReason: input.reason,
          }),
    });
    await recordAudit(tx, context, {
      action: input.engaged ? "kill_switch.engage" : "kill_switch.release",
      targetType: "kill_switch",
      targetId: saved.id,
      projectId: target.projectId,
      ...(row ? { before: stateOf(row, row.engagedAt !== null, row.reason) } : {}),
      after: stateOf(saved, input.engaged, input.reason),
    });
    return saved;
  });
}

/** Everybody stands still: only who may act everywhere does that, or ends it. */
function requireSwitch(
  { actor }: ActionContext,
  { projectId }: SwitchTarget,
  permission: Permission,
): void {
  requirePermission(
    actor,
    projectId === null ? "switches.write_everywhere" : permission,
    projectId,
  );
}

function readUntil({ engaged, until }: PutKillSwitchInput, nowMs: number): Date | null {
  if (until === null) return null;
  if (!engaged) throw wrong("until", "is for engaging only");
  const end = new Date(until);
  if (end.getTime() <= nowMs) throw wrong("until", "must lie ahead");
  return end;
}

function endsEarlier(end: Date | null, before: Date | null): boolean {
  return end !== null && (before === null || end < before);
}

function stateOf(row: KillSwitchRow, engaged: boolean, reason: string) {
  const until = engaged ? (row.until?.toISOString() ?? null) : null;
  return { scope: row.scope, value: row.value, engaged, reason, until };
}
