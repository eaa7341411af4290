"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { callQuery, type WholeCall } from "@/components/calls/call-answer";
import { CallCost } from "@/components/calls/call-cost";
import { CallFacts } from "@/components/calls/call-facts";
import { CallPriceCard } from "@/components/calls/call-price-card";
import { CallRevisions } from "@/components/calls/call-revisions";
import { CallUsageCard } from "@/components/calls/call-usage-card";
import { CallStatus } from "@/components/calls/calls-table";
import { CorrectCallButton } from "@/components/calls/correct-call-button";
import { scopeSearch } from "@/components/filters/scope";
import { useScope } from "@/components/filters/use-scope";
import { useWorkspace } from "@/components/layout/workspace";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Moment } from "@/components/ui/moment";
import { PointedLink } from "@/components/ui/pointed-link";
import { Skeleton } from "@/components/ui/skeleton";
import { formatDuration } from "@/lib/format";
import { CALLS_PATH, withQuery } from "@/lib/paths";

interface CallPageProps {
  callId: string;
  /** What was said in it, of another part of the product. */
  renderContent: (call: WholeCall) => ReactNode;
}

/** What was this? One whole call: who, what it used, and the sum that led to its cost. */
export function CallPage({ callId, renderContent }: CallPageProps) {
  const { timeZone, project } = useWorkspace();
  const { scope } = useScope();
  const [timestamp] = useQueryState("at");
  const { data: call, error, refetch } = useQuery(callQuery(callId, project, timestamp));
  return (
    <div className="flex max-w-6xl flex-col gap-4">
      <div>
        <Button asChild variant="ghost" size="small" className="-ml-2 text-ink-muted">
          <PointedLink href={withQuery(CALLS_PATH, scopeSearch(scope))}>
            <ArrowLeft aria-hidden="true" />
            Calls
          </PointedLink>
        </Button>
      </div>
      {error && (
        <>
          <h1 className="sr-only">Call {callId}</h1>
          <PanelError what="This call" error={error} onRetry={() => void refetch()} />
        </>
      )}
      {!call && !error && <CallSkeleton />}
      {call && (
        <>
          <CallHeader call={call} timeZone={timeZone} />
          <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
            <div className="flex min-w-0 flex-col gap-4">
              <CallPriceCard call={call} />
              {renderContent(call)}
              <CallUsageCard call={call} />
              <CallRevisions call={call} timeZone={timeZone} />
            </div>
            <CallFacts call={call} timeZone={timeZone} />
          </div>
        </>
      )}
    </div>
  );
}

function CallHeader({ call, timeZone }: { call: WholeCall; timeZone: string }) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="break-all font-semibold text-lg">{call.model ?? call.name ?? call.type}</h1>
        <p className="break-all font-mono text-ink-muted text-xs">{call.id}</p>
        <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px] text-ink-muted">
          <Moment at={call.timestamp} timeZone={timeZone} hasSeconds />
          <span>{timeZone}</span>
          <span>{formatDuration(call.duration_ms)}</span>
          <CallStatus call={call} />
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="font-semibold text-2xl tracking-tight">
          <span className="sr-only">Cost: </span>
          {call.cost_usd === null ? (
            "Cost unknown"
          ) : (
            <CallCost costUsd={call.cost_usd} status={call.cost_status} isCounted={call.counted} />
          )}
        </p>
        <CorrectCallButton call={call} />
        <CopyButton label="Copy as JSON" text={() => JSON.stringify(call, null, 2)} />
      </div>
    </header>
  );
}

function CallSkeleton() {
  return (
    <>
      <h1 className="sr-only">Loading the call</h1>
      <Skeleton className="h-18 max-w-md" />
      <Skeleton className="h-64" />
      <Skeleton className="h-48" />
    </>
  );
}
