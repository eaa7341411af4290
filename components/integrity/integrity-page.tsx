"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { offerShorter } from "@/components/filters/offer-shorter";
import { useScope } from "@/components/filters/use-scope";
import { DaysTable } from "@/components/integrity/days-table";
import { integrityQuery } from "@/components/integrity/integrity-answer";
import { LastRun } from "@/components/integrity/last-run";
import { prepareVerdict } from "@/components/integrity/prepare-verdict";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useWorkspace } from "@/components/layout/workspace";
import { Panel } from "@/components/states/panel";
import { SlowNote } from "@/components/states/slow-note";
import { Titled } from "@/components/states/titled";
import { useLast } from "@/components/states/use-last";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { Skeleton } from "@/components/ui/skeleton";
import type { IntegrityAnswer } from "@/lib/integrity/integrity-schemas";

const RangeMenu = dynamic(
  () => import("@/components/filters/range-menu").then((module) => module.RangeMenu),
  { ssr: false, loading: () => <Skeleton className="h-8.5 w-64" /> },
);

/** Below the days. */
const BudgetChecksTable = dynamic(
  () =>
    import("@/components/integrity/budget-checks-table").then((module) => module.BudgetChecksTable),
  { ssr: false, loading: () => <Skeleton className="h-24" /> },
);
const DaysEmpty = dynamic(
  () => import("@/components/integrity/days-empty").then((module) => module.DaysEmpty),
  { ssr: false, loading: () => <Skeleton className="m-4 h-48" /> },
);
const GapsTable = dynamic(
  () => import("@/components/integrity/gaps-table").then((module) => module.GapsTable),
  { ssr: false, loading: () => <Skeleton className="h-24" /> },
);
const SpoolsTable = dynamic(
  () => import("@/components/integrity/spools-table").then((module) => module.SpoolsTable),
  { ssr: false, loading: () => <Skeleton className="h-24" /> },
);

/** It stands below the answer that one came for, and shows a thing only where something went wrong. */
const FaultsPanel = dynamic(
  () => import("@/components/integrity/faults-panel").then((module) => module.FaultsPanel),
  { ssr: false, loading: () => <Skeleton className="h-40" /> },
);

/** Can I trust these numbers? The answer in words, then what it rests on. */
export function IntegrityPage() {
  const state = useScope();
  const { scope } = state;
  const { projects } = useWorkspace();
  const query = useQuery(integrityQuery(scope));
  const shown = useLast(query.data ?? null);
  const hasProjects = scope.project === ALL_PROJECTS && projects.length > 1;
  const panel = {
    error: query.error,
    onRetry: () => void query.refetch(),
    isCurrent: query.data !== undefined,
  };
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Integrity</h1>
      <RangeMenu scope={scope} onChoose={state.setRange} />
      <SlowNote isWaiting={query.isLoading} shorter={offerShorter(state)} />
      <Panel name="Days" {...panel} skeletonHeight={420}>
        {shown && (
          <>
            <div className="flex flex-col gap-3 p-4">
              <VerdictAlert answer={shown} />
              <LastRun answer={shown} />
            </div>
            {shown.days.length === 0 ? (
              <DaysEmpty state={state} />
            ) : (
              <DaysTable
                days={shown.days}
                count={shown.totals.days}
                hasProjects={hasProjects}
                timeZone={scope.timeZone}
              />
            )}
          </>
        )}
      </Panel>
      <Panel name="Budgets" {...panel} skeletonHeight={140}>
        {shown && (
          <Titled title="Budgets" description="The counters that decide, held against the calls.">
            <BudgetChecksTable
              checks={shown.budgets}
              hasProjects={hasProjects}
              timeZone={scope.timeZone}
            />
          </Titled>
        )}
      </Panel>
      <FaultsPanel hasProjects={hasProjects} />
      <Panel name="Gaps" {...panel} skeletonHeight={120}>
        {shown && (
          <Titled title="Gaps" description="Events that their producer numbered and we never got.">
            <GapsTable answer={shown} hasProjects={hasProjects} timeZone={scope.timeZone} />
          </Titled>
        )}
      </Panel>
      <Panel name="Processes" {...panel} skeletonHeight={140}>
        {shown && (
          <Titled title="Processes" description="Who takes events, and how far they are counted.">
            <SpoolsTable spools={shown.spools} timeZone={scope.timeZone} />
          </Titled>
        )}
      </Panel>
    </div>
  );
}

function VerdictAlert({ answer }: { answer: IntegrityAnswer }) {
  const { tone, title, details, exact } = prepareVerdict(answer);
  return (
    <Alert variant={tone}>
      <AlertTitle {...(exact ? { title: exact } : {})}>{title}</AlertTitle>
      {details.length > 0 && (
        <AlertDescription>
          {details.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </AlertDescription>
      )}
    </Alert>
  );
}
