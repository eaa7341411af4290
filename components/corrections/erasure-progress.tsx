"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Erasure } from "@/components/corrections/erasure-form";
import { findErasure } from "@/components/corrections/erasure-requests";
import { PanelError } from "@/components/states/panel-error";
import { Alert, AlertTitle } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import type { CorrectionAnswer } from "@/lib/corrections/correction-schemas";
import { formatCount, formatQuantity } from "@/lib/format";

const LOOK_EVERY_MS = 1_000;

/** How far an erasure is, until it has ended. It goes on by itself when one leaves. */
export function ErasureProgress({ erasure, onDone }: { erasure: Erasure; onDone: () => void }) {
  const { project, id } = erasure;
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ["erasure", project, id],
    queryFn: ({ signal }) => findErasure(project, id, signal),
    refetchInterval: ({ state }) => (state.data?.finished_at ? false : LOOK_EVERY_MS),
  });
  const hasEnded = Boolean(data?.finished_at);
  useEffect(() => {
    // Lists by user and session hold the name until they are asked again.
    if (hasEnded) void queries.invalidateQueries({ predicate: isOfFigures });
  }, [hasEnded, queries]);
  return (
    <div className="flex flex-col gap-4">
      {error && <PanelError what="The erasure" error={error} onRetry={() => void refetch()} />}
      {data ? <Progress erasure={data} /> : !error && <Skeleton className="h-16" />}
      {hasEnded && (
        <Button className="self-start" onClick={onDone}>
          Erase another one
        </Button>
      )}
    </div>
  );
}

function isOfFigures({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return queryKey[0] !== "erasure";
}

function Progress({ erasure }: { erasure: CorrectionAnswer }) {
  const { state, calls_seen: seen, calls_total: total, calls_changed: changed } = erasure;
  if (state === "done") {
    return (
      <Alert variant="good">
        <AlertTitle>Erased from {formatQuantity(changed, "call")}</AlertTitle>
        What they cost stays. An event of that name that is sent later is a new one.
      </Alert>
    );
  }
  if (state === "failed" || state === "cancelled") {
    return (
      <Alert variant="danger">
        <AlertTitle>It stopped after {formatQuantity(changed, "call")}</AlertTitle>
        {erasure.error ?? "Ask for it again: what is erased stays erased."}
      </Alert>
    );
  }
  return (
    <div>
      <p aria-live="polite" className="text-sm">
        Erasing: {formatCount(seen)}
        {total !== null && ` of ${formatQuantity(total, "call")}`} so far
      </p>
      <progress
        aria-label="Erasure"
        className="mt-2 w-full max-w-lg accent-accent"
        {...(total ? { max: total, value: seen } : {})}
      />
    </div>
  );
}
