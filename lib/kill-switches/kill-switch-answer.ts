import type { KillSwitchRow } from "@/db/queries/policy";
import { isEngaged } from "@/lib/budgets/policy-holder";
import {
  type KillSwitchAnswer,
  SWITCH_SCOPES,
  type SwitchScope,
} from "@/lib/kill-switches/kill-switch-schemas";

/** @throws RangeError for a scope that no version of this code wrote */
export function scopeOf(row: Pick<KillSwitchRow, "scope">): SwitchScope {
  const scope = SWITCH_SCOPES.find((known) => known === row.scope);
  if (!scope) throw new RangeError(`no scope of a switch: ${row.scope}`);
  return scope;
}

/** A stored switch as it is answered. @param slugs of the projects that the reader may see, by id */
export function toKillSwitchAnswer(
  row: KillSwitchRow,
  slugs: ReadonlyMap<string, string>,
  nowMs: number,
): KillSwitchAnswer {
  const project = row.projectId === null ? null : (slugs.get(row.projectId) ?? null);
  const engaged = isEngaged(row, nowMs);
  // Nobody released one whose time was up: it ended then.
  const endedAt = row.engagedAt !== null && !engaged ? row.until : row.releasedAt;
  return {
    id: row.id,
    scope: scopeOf(row),
    project,
    value: row.scope === "project" ? project : row.value,
    engaged,
    reason: row.reason,
    engaged_by: row.engagedBy,
    engaged_at: row.engagedAt?.toISOString() ?? null,
    until: row.until?.toISOString() ?? null,
    released_by: row.engagedAt === null ? row.releasedBy : null,
    released_at: engaged ? null : (endedAt?.toISOString() ?? null),
    release_reason: row.engagedAt === null ? row.releaseReason : null,
  };
}
