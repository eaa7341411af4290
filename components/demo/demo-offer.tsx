"use client";

import { FlaskConical } from "lucide-react";
import type { ReactNode } from "react";
import type { DemoProgress } from "@/components/demo/load-demo";
import { useDemoLoad } from "@/components/demo/use-demo-load";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { NeedsRole } from "@/components/states/needs-role";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import { DEMO_PROJECT } from "@/lib/demo/demo-month";
import { formatCount, formatQuantity } from "@/lib/format";

/** Demo data, one click away: a company's month in a project of its own. @param children What stands beside the button. */
export function DemoOffer({ children }: { children: ReactNode }) {
  const { setProject } = useWorkspace();
  const may = useMay();
  const { load, isLoading, progress } = useDemoLoad();
  const start = () => load.mutate(undefined, { onSuccess: () => setProject(DEMO_PROJECT.slug) });
  return (
    <section aria-label="Demo data" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-72 text-ink-muted text-sm">{children}</p>
        {!may("projects.create", null) ? (
          <NeedsRole permission="projects.create" what="Loading it" />
        ) : (
          !isLoading && (
            <Button onClick={start}>
              <FlaskConical aria-hidden="true" />
              Load demo data
            </Button>
          )
        )}
      </div>
      {isLoading && <Progress progress={progress} />}
      {load.isError && !isLoading && (
        <PanelError
          what="The demo data"
          failure="could not be loaded whole"
          error={load.error}
          onRetry={start}
        />
      )}
    </section>
  );
}

function Progress({ progress }: { progress: DemoProgress | null }) {
  return (
    <div className="flex flex-col gap-2 text-[13px]">
      <progress
        aria-label="Loading demo data"
        {...(progress ? { value: progress.daysDone, max: progress.days } : {})}
        className="h-1.5 w-full accent-accent"
      />
      <p aria-live="polite" className="text-ink-muted">
        {progress
          ? `Day ${formatCount(Math.min(progress.daysDone + 1, progress.days))} of ${formatCount(progress.days)}: ${formatQuantity(progress.events, "event")} sent. `
          : "Making the project… "}
        Keep this page open.
      </p>
    </div>
  );
}
