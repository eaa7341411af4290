import { type CorrectionRow, findCorrection as findRow } from "@/db/queries/corrections";
import { type ActionContext, can } from "@/lib/auth/actor";
import { toCorrectionAnswer } from "@/lib/corrections/correction-row";
import type { CorrectionAnswer } from "@/lib/corrections/correction-schemas";
import { OutlayError } from "@/lib/errors";
import type { Permission } from "@/lib/permissions";

const PERMISSIONS: Record<CorrectionRow["kind"], Permission> = {
  reprice: "calls.reprice",
  void: "calls.void",
  restore: "calls.void",
  erase: "calls.erase",
};

/** Whether somebody may see a correction: its figures are sums of all its projects. */
export function maySee(actor: ActionContext["actor"], row: CorrectionRow): boolean {
  return row.projectIds.every((id) => can(actor, PERMISSIONS[row.kind], id));
}

/** One correction of a kind. @throws OutlayError `not_found`, also for one that may not be seen */
export async function findCorrection(
  { db, actor }: Pick<ActionContext, "db" | "actor">,
  kind: CorrectionRow["kind"],
  id: string,
): Promise<CorrectionAnswer> {
  const row = await findRow(db, id);
  if (row?.kind !== kind || !maySee(actor, row)) throw correctionNotFound();
  return toCorrectionAnswer(db, row);
}

export function correctionNotFound(): OutlayError {
  return new OutlayError("not_found", "There is no such correction.");
}
