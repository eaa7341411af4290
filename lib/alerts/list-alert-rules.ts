import type { Db } from "@/db/postgres";
import { listAlertRuleRows } from "@/db/queries/alert-rules";
import { toAlertRuleAnswer } from "@/lib/alerts/alert-rule-answer";
import type { AlertRuleAnswer } from "@/lib/alerts/alert-rule-schemas";
import { RULE_KINDS } from "@/lib/alerts/alert-rules";

/** The installation's rule of each kind, and those of the given projects. */
export async function listAlertRules(
  db: Db,
  projects: readonly { id: string; slug: string }[],
): Promise<{ rules: AlertRuleAnswer[] }> {
  const rows = await listAlertRuleRows(db);
  const find = (kind: string, projectId: string | null) =>
    rows.find((row) => row.kind === kind && row.projectId === projectId) ?? null;
  const common = RULE_KINDS.map((kind) => toAlertRuleAnswer(kind, null, find(kind, null)));
  const own = projects.flatMap(({ id, slug }) =>
    RULE_KINDS.flatMap((kind) => {
      const row = find(kind, id);
      return row ? [toAlertRuleAnswer(kind, slug, row)] : [];
    }),
  );
  return { rules: [...common, ...own] };
}
