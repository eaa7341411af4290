"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { AlertStateBadge } from "@/components/alerts/alert-badges";
import { alertsQuery } from "@/components/alerts/alert-requests";
import { sayDelivery, sayUntold } from "@/components/alerts/delivery-words";
import { sayStage } from "@/components/alerts/escalation-words";
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
import { formatQuantity } from "@/lib/format";
import { ALERTS_PATH, withQuery } from "@/lib/paths";

/** A budget's escalation: what it crossed and when, who was told, and what that did. */
export function EscalationPanel({ budgetId }: { budgetId: string }) {
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
                : "What it passed, the latest first: who was told, and what that did."}
            </CardDescription>
          </div>
          {alerts.length > 0 && (
            <>
              <Crossings alerts={alerts} />
              <MorePages query={query}>{formatQuantity(alerts.length, "alert")}</MorePages>
            </>
          )}
        </>
      )}
    </Panel>
  );
}

function Crossings({ alerts }: { alerts: readonly AlertAnswer[] }) {
  const { timeZone } = useWorkspace();
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
        {alerts.map((alert) => (
          <TableRow key={alert.id} className="align-top">
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
                <p className="mt-1 text-ink-muted">{alert.acknowledged.by} is at it</p>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
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
