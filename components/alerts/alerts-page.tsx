"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { ALERT_FILTER_PARAMS, AlertFilters } from "@/components/alerts/alert-filters";
import { AlertGroupItem } from "@/components/alerts/alert-group-item";
import { type AlertAction, AlertItem } from "@/components/alerts/alert-item";
import { alertQuery, alertsQuery } from "@/components/alerts/alert-requests";
import { AlertsEmpty } from "@/components/alerts/alerts-empty";
import { groupAlerts, isGroup } from "@/components/alerts/group-alerts";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { MorePages } from "@/components/states/more-pages";
import { NeedsRole } from "@/components/states/needs-role";
import { Panel } from "@/components/states/panel";
import { SlowNote } from "@/components/states/slow-note";
import { useLast } from "@/components/states/use-last";
import { Button } from "@/components/ui/button";
import type { AlertAnswer } from "@/lib/alerts/alert-schemas";
import { formatQuantity } from "@/lib/format";
import { ALERTS_PATH, withQuery } from "@/lib/paths";

// Nobody needs a dialog at first sight: it comes when it is asked for.
const HandleDialog = dynamic(
  () => import("@/components/alerts/handle-dialogs").then((module) => module.HandleDialog),
  { ssr: false },
);

type Wish = { action: AlertAction; alert: AlertAnswer };

/** What happened, who was told? Latest first; or one alert alone, as notices link to it. */
export function AlertsPage() {
  const { projects } = useWorkspace();
  const may = useMay();
  const [{ alert }, setParams] = useQueryStates(ALERT_FILTER_PARAMS, { history: "push" });
  const [wish, setWish] = useState<Wish | null>(null);
  const mayHandle = projects.some(({ slug }) => may("alerts.handle", slug));
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Alerts</h1>
      {!mayHandle && (
        <NeedsRole permission="alerts.handle" what="Acknowledging or snoozing an alert" />
      )}
      {alert === null ? (
        <AlertList onWish={setWish} />
      ) : (
        <OneAlert id={alert} onWish={setWish} onAll={() => void setParams({ alert: null })} />
      )}
      {wish && <HandleDialog {...wish} onClose={() => setWish(null)} />}
    </div>
  );
}

function AlertList({ onWish }: { onWish: (wish: Wish) => void }) {
  const { project, setProject } = useWorkspace();
  const [{ state, kind }, setParams] = useQueryStates(ALERT_FILTER_PARAMS, { history: "push" });
  const query = useInfiniteQuery(alertsQuery({ project, state, kind }));
  const shown = useLast(query.data ?? null);
  const alerts = shown?.pages.flatMap((page) => page.alerts) ?? [];
  const hasFilters = state !== null || kind !== null;
  return (
    <>
      <AlertFilters state={state} kind={kind} onChange={(change) => void setParams(change)} />
      <SlowNote isWaiting={query.isLoading} shorter={null} />
      <Panel
        name="Alerts"
        error={query.isFetchNextPageError ? null : query.error}
        onRetry={() => void query.refetch()}
        isCurrent={query.data !== undefined}
        skeletonHeight={480}
      >
        {shown && alerts.length === 0 && (
          <AlertsEmpty
            state={state}
            kind={kind}
            project={project === ALL_PROJECTS ? null : project}
            onClear={() => void setParams({ state: null, kind: null })}
            onAllProjects={() => setProject(ALL_PROJECTS)}
          />
        )}
        {shown && alerts.length > 0 && (
          <>
            <Items alerts={alerts} hasMore={query.hasNextPage} onWish={onWish} />
            <MorePages query={query}>
              {query.hasNextPage ? "The latest " : ""}
              {formatQuantity(alerts.length, "alert")}
              {hasFilters ? " like that" : ""}
            </MorePages>
          </>
        )}
      </Panel>
    </>
  );
}

interface OneAlertProps {
  id: string;
  onWish: (wish: Wish) => void;
  onAll: () => void;
}

function OneAlert({ id, onWish, onAll }: OneAlertProps) {
  const query = useQuery(alertQuery(id));
  return (
    <>
      <Button className="self-start" onClick={onAll}>
        All alerts
      </Button>
      <Panel
        name="This alert"
        error={query.error}
        onRetry={() => void query.refetch()}
        isCurrent={query.data !== undefined}
        skeletonHeight={240}
      >
        {query.data && <Items alerts={[query.data]} onWish={onWish} />}
      </Panel>
    </>
  );
}

interface ItemsProps {
  alerts: readonly AlertAnswer[];
  /** Whether earlier ones are not loaded. */
  hasMore?: boolean;
  onWish: (wish: Wish) => void;
}

function Items({ alerts, hasMore = false, onWish }: ItemsProps) {
  return (
    <ul aria-label="List of alerts">
      {groupAlerts(alerts).map((one) =>
        isGroup(one) ? (
          <AlertGroupItem key={one.key} group={one} hasMore={hasMore}>
            {one.alerts.map((alert) => (
              <Item key={alert.id} alert={alert} onWish={onWish} />
            ))}
          </AlertGroupItem>
        ) : (
          <Item key={one.id} alert={one} onWish={onWish} />
        ),
      )}
    </ul>
  );
}

function Item({ alert, onWish }: { alert: AlertAnswer; onWish: ItemsProps["onWish"] }) {
  const { project } = useWorkspace();
  const query = new URLSearchParams(project === ALL_PROJECTS ? {} : { project });
  query.set("alert", alert.id);
  return (
    <AlertItem
      alert={alert}
      href={withQuery(ALERTS_PATH, query)}
      onAct={(action) => onWish({ action, alert })}
    />
  );
}
