import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { createLoader } from "nuqs/server";
import { FirstRun } from "@/app/(dashboard)/first-run";
import { collectFigures } from "@/app/(dashboard)/first-visit";
import { LazyAlertsStrip } from "@/components/alerts/lazy-alerts-strip";
import { LazyBudgetsStrip } from "@/components/budgets/lazy-budgets-strip";
import { UnwellStrip } from "@/components/integrity/unwell-strip";
import { FirstEventGate } from "@/components/layout/first-event-gate";
import { PROJECT_PARAM } from "@/components/layout/project-param";
import { LazyCostliestSessions } from "@/components/sessions/lazy-costliest-sessions";
import { askOverviewFirst } from "@/components/spend/first-questions";
import { Overview } from "@/components/spend/overview";

export const metadata: Metadata = { title: "Overview" };

interface PageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const readParams = createLoader(PROJECT_PARAM);

/** Is anything wrong, and what will this month come to? Before the first event: how to send one. */
export default async function OverviewPage({ searchParams }: PageProps) {
  const { project } = await readParams(searchParams);
  return (
    <HydrationBoundary state={await collectFigures(project, askOverviewFirst)}>
      <FirstEventGate waiting={<FirstRun />}>
        <Overview
          strip={
            <>
              <UnwellStrip />
              <LazyAlertsStrip />
            </>
          }
          budgets={<LazyBudgetsStrip />}
          sessions={<LazyCostliestSessions />}
        />
      </FirstEventGate>
    </HydrationBoundary>
  );
}
