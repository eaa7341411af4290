"use client";

import { useIsMutating, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { FIRST_RUN_WORK } from "@/components/layout/first-run-work";
import { useFreshness } from "@/components/layout/freshness";
import { freshnessQuery } from "@/components/layout/freshness-query";
import { useWorkspace } from "@/components/layout/workspace";
import { Alert, AlertTitle } from "@/components/ui/alert";

/** How often one looks whether what is on its way has come. */
const LOOK_MS = 2_000;

interface FirstEventGateProps {
  /** How to send the first event; shown until it is there. */
  waiting: ReactNode;
  children: ReactNode;
}

/** Before the first event of the selected projects: how to send it. It turns into the screen by itself. */
export function FirstEventGate({ waiting, children }: FirstEventGateProps) {
  const { project, timeZone } = useWorkspace();
  const { data } = useFreshness();
  const queryClient = useQueryClient();
  const isWorking = useIsMutating({ mutationKey: FIRST_RUN_WORK }) > 0;
  const [hasWaited, setHasWaited] = useState(false);
  const isWaiting = data?.last_event_at === null || (hasWaited && isWorking);
  if (isWaiting && !hasWaited) setHasWaited(true);
  const hasArrived = hasWaited && !isWaiting;

  const isOnTheWay = (data?.backlog_events ?? 0) > 0;

  // What was asked a second ago answered "nothing": ask again, now that there is something, and once it is all there.
  useEffect(() => {
    if (!hasArrived) return;
    void queryClient.invalidateQueries();
    if (!isOnTheWay) return;
    const { queryKey } = freshnessQuery(project, timeZone);
    const timer = setInterval(() => void queryClient.refetchQueries({ queryKey }), LOOK_MS);
    return () => clearInterval(timer);
  }, [hasArrived, isOnTheWay, queryClient, project, timeZone]);

  if (isWaiting) return waiting;
  return (
    <>
      {hasArrived && (
        <Alert variant="good" className="mb-4">
          <AlertTitle>
            The first event has arrived. From here on, this page keeps itself up to date.
          </AlertTitle>
        </Alert>
      )}
      {children}
    </>
  );
}
