"use client";

import { useQuery } from "@tanstack/react-query";
import { Cpu } from "lucide-react";
import { type ControlTarget, nameTarget } from "@/components/kill-switches/list-targets";
import { isAwaited } from "@/components/kill-switches/obedience-words";
import { instancesQuery } from "@/components/kill-switches/switch-requests";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useWorkspace } from "@/components/layout/workspace";
import { EmptyState } from "@/components/states/empty-state";
import { PanelError } from "@/components/states/panel-error";
import { Badge } from "@/components/ui/badge";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import { Moment } from "@/components/ui/moment";
import { Skeleton } from "@/components/ui/skeleton";
import { formatCount } from "@/lib/format";
import type { InstanceAnswer } from "@/lib/instances/instance-schemas";

/** More than anybody reads; which are shown is said. */
const MAX_SHOWN = 200;

interface InstancesSheetProps {
  target: ControlTarget;
  onClose: () => void;
}

/** Which instances a switch is about, what each does, and whether it knows the policy of now. Live while it is open. */
export function InstancesSheet({ target, onClose }: InstancesSheetProps) {
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent side="right">
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">
            Instances: {nameTarget(target)}
          </DialogTitle>
          <DialogDescription>What each said of itself in the last ten minutes.</DialogDescription>
        </DialogHeader>
        <Instances target={target} />
      </DialogContent>
    </Dialog>
  );
}

function Instances({ target }: { target: ControlTarget }) {
  const { project } = useWorkspace();
  const everyMs = isAwaited(target.engaged?.obedience ?? null) ? 1_000 : 5_000;
  // Everything is everything that the page is about.
  const asked = target.scope === "global" ? { ...target, project } : target;
  const query = useQuery(instancesQuery(asked, { limit: MAX_SHOWN, everyMs }));
  if (!query.data) {
    return query.isError ? (
      <PanelError what="Instances" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton className="h-72" />
    );
  }
  const { instances, policy_version } = query.data;
  if (instances.length === 0) {
    return (
      <EmptyState icon={Cpu} title="No instance tells what it obeys">
        Agents with the SDK do so by themselves. Others are stopped at their next reservation.
      </EmptyState>
    );
  }
  return (
    <>
      {query.isError && (
        <PanelError
          what="Instances"
          failure="could not be refreshed: below is the last answer"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      )}
      <ul aria-label="Instances" className="border-line border-b">
        {[...instances].sort(byName).map((instance) => (
          <Instance
            key={`${instance.project} ${instance.agent} ${instance.instance_id}`}
            instance={instance}
            behind={policy_version - instance.policy_version}
            hasPlace={project === ALL_PROJECTS && target.scope === "global"}
          />
        ))}
      </ul>
      {instances.length === MAX_SHOWN && (
        <p className="mt-3 text-[13px] text-ink-muted">
          The {formatCount(MAX_SHOWN)} last seen of {formatCount(target.reach.instances)}.
        </p>
      )}
    </>
  );
}

/** Who is silent first; else in an order that no heartbeat changes, so that a line can be read. */
function byName(one: InstanceAnswer, two: InstanceAnswer): number {
  return (
    Number(two.is_lost) - Number(one.is_lost) ||
    (one.agent ?? "").localeCompare(two.agent ?? "") ||
    one.instance_id.localeCompare(two.instance_id)
  );
}

interface InstanceProps {
  instance: InstanceAnswer;
  /** Versions of the policy that it does not know. */
  behind: number;
  hasPlace: boolean;
}

function Instance({ instance, behind, hasPlace }: InstanceProps) {
  const { timeZone } = useWorkspace();
  return (
    <li className="flex flex-col gap-1 border-line border-t py-2.5 text-[13px]">
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">
          {instance.instance_id}
        </span>
        <Badge variant={instance.state === "halted" ? "danger" : "accent"}>
          {instance.state === "halted" ? "Halted" : "Running"}
        </Badge>
        {instance.is_lost && <Badge variant="caution">Not seen for 15 s</Badge>}
        <Badge variant={behind > 0 ? "caution" : "neutral"}>
          {behind > 0 ? "Policy behind" : "Policy up to date"}
        </Badge>
      </span>
      <span className="tabular text-ink-muted [overflow-wrap:anywhere]">
        {instance.agent ?? "(untagged)"}
        {hasPlace && ` in ${instance.project}`}, version {instance.policy_version}, last seen{" "}
        <Moment at={instance.seen_at} timeZone={timeZone} hasSeconds />
      </span>
    </li>
  );
}
