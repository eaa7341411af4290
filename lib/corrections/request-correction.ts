import type { Db } from "@/db/postgres";
import {
  type CorrectionRow,
  findCorrection,
  insertCorrection,
  type NewCorrectionRow,
} from "@/db/queries/corrections";
import { type AuditEntry, recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { toCorrectionAnswer } from "@/lib/corrections/correction-row";
import type { CorrectionAnswer } from "@/lib/corrections/correction-schemas";

/** What asking for a correction takes: the job is told, and works it off wherever it runs. */
export interface RequestContext extends ActionContext {
  corrections: { wake(): void };
}

type Asked = Omit<NewCorrectionRow, "authorType" | "authorId" | "authorName">;

/** Stores a correction and its audit row in one transaction: neither is there without the other. */
export async function storeCorrection(
  context: ActionContext,
  asked: Asked,
  audit: (row: CorrectionRow) => Pick<AuditEntry, "action" | "targetType" | "targetId" | "after">,
): Promise<CorrectionRow> {
  const { actor } = context;
  return context.db.transaction(async (tx) => {
    const author = { authorType: actor.type, authorId: actor.id, authorName: actor.name };
    const row = await insertCorrection(tx, { ...asked, ...author });
    const [only, ...others] = row.projectIds;
    const projectId = others.length === 0 ? (only ?? null) : null;
    await recordAudit(tx, context, { ...audit(row), projectId });
    return row;
  });
}

/** A small correction is done while one waits; a large one goes on by itself. */
const WAIT_MS = 2_000;
const LOOK_EVERY_MS = 40;

/** The correction as it is when it is finished, or after two seconds. */
export async function awaitCorrection(
  { db, corrections }: { db: Db; corrections: RequestContext["corrections"] },
  id: string,
): Promise<CorrectionAnswer> {
  corrections.wake();
  const untilMs = performance.now() + WAIT_MS;
  for (;;) {
    const row = await findCorrection(db, id);
    if (!row) throw new Error("the correction is gone");
    if (row.finishedAt !== null || performance.now() > untilMs) return toCorrectionAnswer(db, row);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
