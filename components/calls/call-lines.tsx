"use client";

import { useQuery } from "@tanstack/react-query";
import { callQuery } from "@/components/calls/call-answer";
import { CallPriceCard } from "@/components/calls/call-price-card";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import { PointedLink } from "@/components/ui/pointed-link";
import { Skeleton } from "@/components/ui/skeleton";
import { callPath } from "@/lib/paths";

interface CallLinesProps {
  id: string;
  project: string;
  /** RFC 3339. */
  timestamp: string;
}

/** The sum that led to a call's cost, wherever the call is mentioned, and the way to all of it. */
export function CallLines({ id, project, timestamp }: CallLinesProps) {
  const { data: call, error, refetch } = useQuery(callQuery(id, project, timestamp));
  return (
    <div className="flex flex-col gap-3">
      {call && <CallPriceCard call={call} />}
      {!call && !error && <Skeleton className="h-64" />}
      {error && <PanelError what="This call" error={error} onRetry={() => void refetch()} />}
      <Button asChild size="small" className="self-start">
        <PointedLink href={callPath({ id, project, timestamp })}>The whole call</PointedLink>
      </Button>
    </div>
  );
}
