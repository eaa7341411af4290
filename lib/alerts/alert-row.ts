import type { AlertRow } from "@/db/queries/alerts";
import { ALERT_ACTIONS, type Alert, AUDIENCES } from "@/lib/alerts/alert";
import { alertFactsSchema } from "@/lib/alerts/alert-facts";

/** Reads a stored alert. @throws ZodError where its facts are none that we write */
export function readAlertRow(row: AlertRow): Alert {
  const { kind: _kind, percent, action, audience, facts, ...rest } = row;
  return {
    ...rest,
    percent: percent === null ? null : Number(percent),
    action: ALERT_ACTIONS.find((one) => one === action) ?? null,
    audience: AUDIENCES.filter((one) => audience.includes(one)),
    facts: alertFactsSchema.parse(facts),
  };
}
