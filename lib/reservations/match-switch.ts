import type { KillSwitchRow } from "@/db/queries/policy";
import { type CallTags, SCOPES_WITHOUT_VALUES } from "@/lib/budgets/budget";
import { UNTAGGED, valueIn } from "@/lib/budgets/match-budget";
import { isEngaged, type Policy } from "@/lib/budgets/policy-holder";

const SWITCH_SCOPES = ["global", "project", "agent", "feature", "user", "model"] as const;

/** The engaged switches that stop a call. */
export function findSwitches(policy: Policy, tags: CallTags, nowMs: number): KillSwitchRow[] {
  return policy.switches.filter((row) => isEngaged(row, nowMs) && stops(row, tags));
}

function stops(row: KillSwitchRow, tags: CallTags): boolean {
  // Nothing of one project ever meets a switch of another.
  if (row.projectId !== null && row.projectId !== tags.projectId) return false;
  const scope = SWITCH_SCOPES.find((known) => known === row.scope);
  // A scope that this version does not know stops what it can reach: too much is better than a stop that is none.
  if (!scope || scope === "project" || SCOPES_WITHOUT_VALUES.has(scope)) return true;
  return valueIn(scope, tags) === (row.value ?? UNTAGGED);
}
