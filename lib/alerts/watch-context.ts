import type { ClickHouse } from "@/db/clickhouse/client";
import type { Db } from "@/db/postgres";
import type { Alert, NewAlert } from "@/lib/alerts/alert";
import type { AlertRules } from "@/lib/alerts/read-alert-rules";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";

/** What one look of the watch begins with: everything is judged by one moment and one state of the rules. */
export interface WatchContext {
  clickhouse: ClickHouse;
  db: Db;
  prices: Pick<PriceBookHolder, "matchModel">;
  rules: AlertRules;
  /** Projects that are not removed. */
  projectIds: readonly string[];
  /** Alerts of the watch's kinds that are not over. */
  open: readonly Alert[];
  /** Zone of the organisation: its weeks have their rhythm there. */
  timeZone: string;
  /** Every event accepted up to this instant is in the calls; ms since 1970, and never ahead of `nowMs`. */
  freshMs: number;
  nowMs: number;
}

/** What a look found. */
export interface Found {
  alerts: NewAlert[];
  /** Open alerts that are over. */
  overIds: string[];
}

/** What is the same in every alert of the watch but those of budgets. */
export function newAlert(
  context: Pick<WatchContext, "nowMs">,
  given: Pick<NewAlert, "key" | "subject" | "projectId" | "value" | "audience" | "facts">,
): NewAlert {
  return {
    budgetId: null,
    period: null,
    percent: null,
    limitRevision: null,
    action: null,
    notify: [],
    openedAt: new Date(context.nowMs),
    ...given,
  };
}

/** RFC 3339. */
export const isoOf = (ms: number): string => new Date(ms).toISOString();
