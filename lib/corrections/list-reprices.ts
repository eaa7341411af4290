import { listCorrections } from "@/db/queries/corrections";
import type { ActionContext } from "@/lib/auth/actor";
import { toCorrectionAnswer } from "@/lib/corrections/correction-row";
import type { CorrectionAnswer } from "@/lib/corrections/correction-schemas";
import { maySee } from "@/lib/corrections/find-correction";

const SHOWN = 100;

/** The last hundred reprices of these projects, newest first, dry runs too. */
export async function listReprices(
  { db, actor }: Pick<ActionContext, "db" | "actor">,
  projects: readonly { id: string }[],
): Promise<{ reprices: CorrectionAnswer[] }> {
  const projectIds = projects.map(({ id }) => id);
  const rows = await listCorrections(db, { kind: "reprice", projectIds, limit: SHOWN });
  const seen = rows.filter((row) => maySee(actor, row));
  return { reprices: await Promise.all(seen.map((row) => toCorrectionAnswer(db, row))) };
}
