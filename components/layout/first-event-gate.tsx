"use client";

import { useIsMutating, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { FIRST_RUN_WORK } from "@/components/layout/first-run-work";
import { useFreshness } from "@/components/layout/freshness";
import { Alert, AlertTitle } from "@/components/ui/alert";

interface FirstEventGateProps {
  /** How to send the first event; shown until it is there. */
  waiting: ReactNode;
  children: ReactNode;
}

/** Before the first event of the selected projects: how to send it. It turns into the screen by itself. */
export function FirstEventGate({ waiting, children }: FirstEventGateProps) {
  const { data } = useFreshness();
  const queryClient = useQueryClient();
  const isWorking = useIsMutating({ mutationKey: FIRST_RUN_WORK }) > 0;
  const [hasWaited, setHasWaited] = useState(false);
  const isWaiting = data?.last_event_at === null || (hasWaited && isWorking);
  if (isWaiting && !hasWaited) setHasWaited(true);
  const hasArrived = hasWaited && !isWaiting;

  // What was asked a second ago answered "nothing": ask again, now that there is something.
  useEffect(() => {
    if (hasArrived) void queryClient.invalidateQueries();
  }, [hasArrived, queryClient]);

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
