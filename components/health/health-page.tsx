"use client";

import { useQuery } from "@tanstack/react-query";
import { HealthCards } from "@/components/health/health-cards";
import { HealthVerdict } from "@/components/health/health-verdict";
import { MinutesCard } from "@/components/health/minutes-card";
import { VersionsCard } from "@/components/health/versions-card";
import { useWorkspace } from "@/components/layout/workspace";
import { PanelError } from "@/components/states/panel-error";
import { SlowNote } from "@/components/states/slow-note";
import { Skeleton } from "@/components/ui/skeleton";
import { requestJson } from "@/lib/api-client";
import type { HealthAnswer } from "@/lib/health/health-schemas";

const EVERY_MS = 30_000;

/** Does everything run, and is there room? It asks itself again every half minute. */
export function HealthPage() {
  const { project } = useWorkspace();
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: ["health", project],
    queryFn: ({ signal }) =>
      requestJson<HealthAnswer>("/api/health", {
        query: new URLSearchParams({ project }),
        signal,
      }),
    refetchInterval: EVERY_MS,
  });
  return (
    <div className="flex flex-col gap-4">
      <SlowNote isWaiting={isLoading} shorter={null} />
      {error && (
        <PanelError
          what="Health"
          error={error}
          {...(data ? { failure: "could not be refreshed: below is the last answer" } : {})}
          onRetry={() => void refetch()}
        />
      )}
      {data && (
        <>
          <HealthVerdict health={data} />
          <HealthCards health={data} />
          <MinutesCard received={data.received} />
          <VersionsCard health={data} />
        </>
      )}
      {!data && !error && <Skeleton style={{ height: 640 }} />}
    </div>
  );
}
