import type { Db } from "@/db/postgres";
import { type AlertRuleRow, listAlertRuleRows } from "@/db/queries/alert-rules";
import { AUDIENCES } from "@/lib/alerts/alert";
import { ruleOptionsSchemas } from "@/lib/alerts/alert-rule-schemas";
import { type AlertRule, DEFAULT_RULES, type RuleKind } from "@/lib/alerts/alert-rules";

/** All rules as they were set at one moment. */
export interface AlertRules {
  /** What counts in a project (null: for what is the whole installation's): its own rule, or that of all, or the default. */
  ruleFor<Kind extends RuleKind>(kind: Kind, projectId: string | null): AlertRule<Kind>;
}

/** Reads the rules: one statement over a table of a few rows. */
export async function readAlertRules(db: Db): Promise<AlertRules> {
  const rows = new Map(
    (await listAlertRuleRows(db)).map((row) => [placeOf(row.kind, row.projectId), row]),
  );
  return {
    ruleFor(kind, projectId) {
      const row = rows.get(placeOf(kind, projectId)) ?? rows.get(placeOf(kind, null));
      return row ? toAlertRule(kind, row) : DEFAULT_RULES[kind];
    },
  };
}

const placeOf = (kind: string, projectId: string | null): string => `${kind} ${projectId ?? ""}`;

/** A stored rule. @throws ZodError where its options are none that we write */
export function toAlertRule<Kind extends RuleKind>(kind: Kind, row: AlertRuleRow): AlertRule<Kind> {
  return {
    kind,
    enabled: row.enabled,
    floorUsd: row.floorUsd,
    audience: AUDIENCES.filter((name) => row.audience.includes(name)),
    options: ruleOptionsSchemas[kind].parse(row.options) as AlertRule<Kind>["options"],
  };
}

/** Rules for who asks all the time: a change counts within this time. */
const MAX_AGE_MS = 5_000;

/** The rules, read again at most each five seconds. */
export interface AlertRuleHolder {
  /** @param db read from where they are out of date, so that a transaction needs no other connection */
  read(db: Db): Promise<AlertRules>;
}

/** Makes a holder that has read nothing yet. */
export function createAlertRuleHolder(
  now: () => number = () => performance.now(),
): AlertRuleHolder {
  let kept: { rules: AlertRules; atMs: number } | null = null;
  return {
    async read(db) {
      const atMs = now();
      if (kept && atMs - kept.atMs < MAX_AGE_MS) return kept.rules;
      const rules = await readAlertRules(db);
      kept = { rules, atMs };
      return rules;
    },
  };
}
