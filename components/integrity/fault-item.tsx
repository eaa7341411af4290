"use client";

import { useQuery } from "@tanstack/react-query";
import { Ban, ChevronDown, ChevronRight, CopyX, type LucideIcon, Skull } from "lucide-react";
import { useId, useState } from "react";
import { type Fault, samplesQuery } from "@/components/integrity/rejections-answer";
import { SampleCard } from "@/components/integrity/sample-card";
import { PanelError } from "@/components/states/panel-error";
import { Badge } from "@/components/ui/badge";
import { Moment } from "@/components/ui/moment";
import { Skeleton } from "@/components/ui/skeleton";
import { formatQuantity } from "@/lib/format";

const KINDS: Record<
  Fault["kind"],
  { label: string; icon: LucideIcon; variant: "caution" | "danger" | "neutral"; meaning: string }
> = {
  rejected: {
    label: "Rejected",
    icon: Ban,
    variant: "caution",
    meaning: "Refused when it was sent: the sender was told.",
  },
  conflict: {
    label: "Conflict",
    icon: CopyX,
    variant: "neutral",
    meaning: "Its id and time are known with other content: the first one stays.",
  },
  poisoned: {
    label: "Poisoned",
    icon: Skull,
    variant: "danger",
    meaning: "Accepted, and then refused by the calls store: the sender does not know.",
  },
};

interface FaultItemProps {
  fault: Fault;
  hasProjects: boolean;
  timeZone: string;
}

/** One fault: how many events have it, and on demand some of them. */
export function FaultItem({ fault, hasProjects, timeZone }: FaultItemProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const { label, icon: Icon, variant } = KINDS[fault.kind];
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <li className="border-line border-t">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full items-start gap-2 px-4 py-2.5 text-left text-[13px] hover:bg-surface"
      >
        <Chevron aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-muted" />
        <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
          <Badge variant={variant}>
            <Icon aria-hidden="true" />
            {label}
          </Badge>
          <span className="min-w-0 break-words">{fault.message}</span>
          <span className="tabular ml-auto flex flex-wrap gap-x-3 text-ink-muted">
            {hasProjects && <span>{fault.project}</span>}
            <span>{formatQuantity(fault.events, "event")}</span>
            <Moment at={fault.last_at} timeZone={timeZone} />
          </span>
        </span>
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen && <Samples fault={fault} timeZone={timeZone} />}
      </div>
    </li>
  );
}

function Samples({ fault, timeZone }: { fault: Fault; timeZone: string }) {
  const { data, error, refetch } = useQuery(samplesQuery(fault));
  return (
    <div className="flex flex-col gap-3 px-4 pt-1 pb-4 sm:pl-10">
      <p className="text-[13px] text-ink-muted">
        {KINDS[fault.kind].meaning}
        {data?.rejections.length === 0 && " No sample of it is kept any more."}
      </p>
      {error && <PanelError what="Samples" error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-40" />}
      {data?.rejections.map((sample) => (
        <SampleCard key={sample.id} sample={sample} timeZone={timeZone} />
      ))}
    </div>
  );
}
