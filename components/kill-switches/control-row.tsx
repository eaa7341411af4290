"use client";

import { CirclePlay, OctagonX, Timer } from "lucide-react";
import { type ControlTarget, nameTarget } from "@/components/kill-switches/list-targets";
import { SwitchObedience } from "@/components/kill-switches/switch-obedience";
import { describeStops, permissionFor } from "@/components/kill-switches/switch-words";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { NeedsRole } from "@/components/states/needs-role";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Moment } from "@/components/ui/moment";
import { formatCostSum, formatQuantity } from "@/lib/format";

interface ControlRowProps {
  target: ControlTarget;
  /** The reader may stop nothing of this kind anywhere, and is told so above. */
  isTold?: boolean;
  onEngage: (target: ControlTarget) => void;
  onRelease: (target: ControlTarget) => void;
  onRehearse: (target: ControlTarget) => void;
  onShowInstances: (target: ControlTarget) => void;
}

/** One thing that can be stopped: whether it is, why, by whom and since when, and the button. */
export function ControlRow(props: ControlRowProps) {
  const { target, onShowInstances } = props;
  const { project } = useWorkspace();
  const { engaged, scope } = target;
  const name = nameTarget(target);
  const hasPlace = scope !== "global" && scope !== "project" && project === ALL_PROJECTS;
  return (
    <li
      className={cn(
        "flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-line border-t p-4 first:border-t-0",
        engaged && "bg-danger-soft",
      )}
    >
      <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1">
        <h3 className="flex flex-wrap items-center gap-2 font-medium text-sm">
          <span className="min-w-0 [overflow-wrap:anywhere]">{name}</span>
          {hasPlace && target.project !== null && (
            <span className="font-normal text-ink-muted text-xs">{target.project}</span>
          )}
          {engaged ? (
            <Badge variant="danger">
              <OctagonX aria-hidden="true" />
              Stopped
            </Badge>
          ) : (
            target.runningSessions > 0 && (
              <Badge variant="accent">
                <CirclePlay aria-hidden="true" />
                {formatQuantity(target.runningSessions, "session")} running
              </Badge>
            )
          )}
        </h3>
        {engaged ? <WhyStopped engaged={engaged} /> : <Lately target={target} />}
        <SwitchObedience target={target} onShowInstances={onShowInstances} />
      </div>
      <Act {...props} name={name} />
    </li>
  );
}

function WhyStopped({ engaged }: { engaged: NonNullable<ControlTarget["engaged"]> }) {
  const { timeZone } = useWorkspace();
  return (
    <div className="flex flex-col gap-0.5 text-[13px]">
      <p className="[overflow-wrap:anywhere]">{engaged.reason}</p>
      <p className="[overflow-wrap:anywhere]">
        By {engaged.engaged_by ?? "the system"}
        {engaged.engaged_at !== null && (
          <>
            {" since "}
            <Moment at={engaged.engaged_at} timeZone={timeZone} />
          </>
        )}
        {engaged.until === null ? (
          ", until somebody releases it"
        ) : (
          <>
            {", until "}
            <Moment at={engaged.until} timeZone={timeZone} />
          </>
        )}
      </p>
      {engaged.stops !== null && engaged.stops.calls > 0 && <p>{describeStops(engaged.stops)}</p>}
    </div>
  );
}

function Lately({ target: { lately, scope } }: { target: ControlTarget }) {
  if (scope === "global") {
    return (
      <p className="text-[13px] text-ink-muted">Every agent of every project, now and later.</p>
    );
  }
  if (lately === null) return null;
  return (
    <p className="tabular text-[13px] text-ink-muted">
      {lately.costUsd === null ? "Unknown cost" : formatCostSum(lately.costUsd)} and{" "}
      {formatQuantity(lately.calls, "call")} in the last 24 hours
    </p>
  );
}

function Act(props: ControlRowProps & { name: string }) {
  const { target, name, isTold = false, onEngage, onRelease } = props;
  const may = useMay();
  const act = target.engaged ? "release" : "engage";
  const { permission, project } = permissionFor(target, act);
  if (!may(permission, project)) {
    if (act === "engage" && isTold) return null;
    return (
      <NeedsRole permission={permission} what={act === "engage" ? "Stopping it" : "Releasing it"} />
    );
  }
  return act === "engage" ? (
    <div className="flex flex-wrap gap-2">
      {target.scope === "agent" &&
        target.reach.instances > 0 &&
        may("switches.release", project) && (
          <Button
            size="small"
            aria-label={`Rehearse a stop of ${name}`}
            onClick={() => props.onRehearse(target)}
          >
            <Timer aria-hidden="true" />
            Rehearse a stop
          </Button>
        )}
      <Button size="small" aria-label={`Stop ${name}`} onClick={() => onEngage(target)}>
        <OctagonX aria-hidden="true" className="text-danger" />
        Stop
      </Button>
    </div>
  ) : (
    <Button size="small" aria-label={`Release ${name}`} onClick={() => onRelease(target)}>
      <CirclePlay aria-hidden="true" />
      Release
    </Button>
  );
}
