"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { AlertStateBadge } from "@/components/alerts/alert-badges";
import { alertsQuery } from "@/components/alerts/alert-requests";
import { sayDelivery, sayUntold } from "@/components/alerts/delivery-words";
import { listEscalation } from "@/components/alerts/escalation-rows";
import { sayChange, sayStage } from "@/components/alerts/escalation-words";
import { exactFigures } from "@/components/alerts/exact-figures";
import { useNow } from "@/components/filters/use-now";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useWorkspace } from "@/components/layout/workspace";
import { MorePages } from "@/components/states/more-pages";
import { Panel } from "@/components/states/panel";
import { CardDescription, CardTitle } from "@/components/ui/card";
import { Moment } from "@/components/ui/moment";
import { PointedLink } from "@/components/ui/pointed-link";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { AlertAnswer } from "@/lib/alerts/alert-schemas";
import type { BudgetChangeAnswer } from "@/lib/budgets/budget-answer-schemas";
import { formatQuantity } from "@/lib/format";
import { ALERTS_PATH, withQuery } from "@/lib/paths";

export interface EscalationPanelProps {
  budgetId: string;
  /** What people did to it, latest first. */
  changes: readonly BudgetChangeAnswer[];
  /** Whether it has a counter for each of several values. */
  hasValues: boolean;
}

/** A budget's escalation: what it crossed and when, who was told, what that did, and what people did about it. */
export function EscalationPanel({ budgetId, changes, hasValues }: EscalationPanelProps) {
  // Whatever project is looked at: the budget is named.
  const question = { project: ALL_PROJECTS, state: null, kind: null, budget: budgetId };
  const query = useInfiniteQuery(alertsQuery(question));
  const alerts = query.data?.pages.flatMap((page) => page.alerts) ?? [];
  return (
    <Panel
      name="Escalation"
      error={query.isFetchNextPageError ? null : query.error}
      onRetry={() => void query.refetch()}
      isCurrent={query.data !== undefined}
      skeletonHeight={120}
    >
      {query.data && (
        <>
          <div className="px-4 pt-3 pb-2">
            <CardTitle>Escalation</CardTitle>
            <CardDescription>
              {alerts.length === 0
                ? "No stage of it was passed yet."
                : "What it passed, the latest first: who was told, what that did, and what people did to it."}
            </CardDescription>
          </div>
          {alerts.length > 0 && (
            <>
              <Crossings
                rows={listEscalation(alerts, changes, query.hasNextPage)}
                hasValues={hasValues}
              />
              <MorePages query={query}>{formatQuantity(alerts.length, "alert")}</MorePages>
            </>
          )}
        </>
      )}
    </Panel>
  );
}

interface CrossingsProps {
  rows: ReturnType<typeof listEscalation>;
  /** Whether what was unlocked is one of several values. */
  hasValues: boolean;
}

function Crossings({ rows, hasValues }: CrossingsProps) {
  return (
    <Table label="Escalation of this budget">
      <TableHeader>
        <TableRow>
          <TableHead className="pl-4">At</TableHead>
          <TableHead>Stage</TableHead>
          <TableHead>What happened</TableHead>
          <TableHead>Who was told</TableHead>
          <TableHead className="pr-4">State</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) =>
          row.change === null ? (
            <CrossingRow key={row.key} alert={row.alert} />
          ) : (
            <ChangeRow key={row.key} change={row.change} hasValues={hasValues} />
          ),
        )}
      </TableBody>
    </Table>
  );
}

function CrossingRow({ alert }: { alert: AlertAnswer }) {
  const { timeZone } = useWorkspace();
  return (
    <TableRow className="align-top">
      <TableHead scope="row" className="pl-4 font-normal">
        <Moment at={alert.opened_at} timeZone={timeZone} />
      </TableHead>
      <TableCell className="whitespace-nowrap">{sayStage(alert)}</TableCell>
      <TableCell
        className="min-w-56 whitespace-normal"
        title={exactFigures(alert.facts) ?? undefined}
      >
        <PointedLink
          href={withQuery(ALERTS_PATH, new URLSearchParams({ alert: alert.id }))}
          className="underline-offset-2 hover:underline"
        >
          {alert.title}
        </PointedLink>
        <p className="text-ink-muted">{alert.what_stops_next}</p>
      </TableCell>
      <TableCell className="min-w-48 whitespace-normal [overflow-wrap:anywhere]">
        <Told alert={alert} timeZone={timeZone} />
      </TableCell>
      <TableCell className="pr-4">
        <AlertStateBadge state={alert.state} />
        {alert.acknowledged && (
          <p className="mt-1 text-ink-muted">
            {alert.acknowledged.by} is at it
            {alert.acknowledged.note && `: ${alert.acknowledged.note}`}
          </p>
        )}
        {alert.snoozed && (
          <p className="mt-1 text-ink-muted">
            Snoozed by {alert.snoozed.by}
            {alert.snoozed.reason && `: ${alert.snoozed.reason}`}
          </p>
        )}
      </TableCell>
    </TableRow>
  );
}

/** What somebody did to the budget: it is why a stage that was passed tells again, or does not act. */
function ChangeRow({ change, hasValues }: { change: BudgetChangeAnswer; hasValues: boolean }) {
  const { timeZone } = useWorkspace();
  const { label, text } = sayChange(change, hasValues);
  return (
    <TableRow className="align-top">
      <TableHead scope="row" className="pl-4 font-normal">
        <Moment at={change.at} timeZone={timeZone} />
      </TableHead>
      <TableCell className="whitespace-nowrap">{label}</TableCell>
      <TableCell colSpan={3} className="whitespace-normal pr-4 [overflow-wrap:anywhere]">
        {text}
      </TableCell>
    </TableRow>
  );
}

function Told({ alert, timeZone }: { alert: AlertAnswer; timeZone: string }) {
  const nowMs = useNow();
  const untold = sayUntold(alert);
  if (untold !== null) return <p className={alert.nobody_told ? "text-caution" : ""}>{untold}</p>;
  return (
    <ul>
      {alert.deliveries.map((delivery) => (
        <li key={delivery.id}>
          <span className="font-medium">{delivery.channel.name}</span>:{" "}
          {sayDelivery(delivery, { nowMs, timeZone })}
        </li>
      ))}
    </ul>
  );
}
