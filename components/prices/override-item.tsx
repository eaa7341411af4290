"use client";

import { CalendarClock, CircleCheck, History, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { EndPriceDialog } from "@/components/prices/end-price-dialog";
import { type OverrideState, overrideState } from "@/components/prices/override-state";
import type { PriceTask } from "@/components/prices/price-dialog";
import { draftOf, EARLIEST } from "@/components/prices/price-draft";
import { listSetPrices } from "@/components/prices/price-words";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import { formatCount } from "@/lib/format";
import type { PriceOverrideAnswer } from "@/lib/prices/price-schemas";

const STATES: Record<
  OverrideState,
  { label: string; icon: LucideIcon; variant: "good" | "accent" | "neutral" }
> = {
  "in-force": { label: "In force", icon: CircleCheck, variant: "good" },
  future: { label: "To come", icon: CalendarClock, variant: "accent" },
  ended: { label: "Ended", icon: History, variant: "neutral" },
};

interface OverrideItemProps {
  override: PriceOverrideAnswer;
  nowMs: number;
  timeZone: string;
  onOpen: (task: PriceTask) => void;
}

/** One price of the operator's own: what it is, whom it is for, from when to when, who set it and why. */
export function OverrideItem({ override, nowMs, timeZone, onOpen }: OverrideItemProps) {
  const state = overrideState(override, nowMs);
  const { label, icon: Icon, variant } = STATES[state];
  return (
    <li
      aria-label={`${override.model}, ${label.toLowerCase()}`}
      className="flex flex-wrap items-start gap-x-6 gap-y-2 border-line border-t px-4 py-3 text-[13px]"
    >
      <div className="flex min-w-0 flex-1 basis-72 flex-col gap-0.5">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Badge variant={variant}>
            <Icon aria-hidden="true" />
            {label}
          </Badge>
          <span className="break-all font-medium font-mono">{override.model}</span>
          <span className="text-ink-muted">{override.provider}</span>
        </p>
        <Prices override={override} />
        <p className="break-words text-ink-muted">{describeReach(override)}</p>
      </div>
      <div className="flex min-w-0 basis-80 flex-col gap-0.5 text-ink-muted">
        <p>
          {override.effective_from === EARLIEST ? (
            "From the first call"
          ) : (
            <>
              From <Moment at={override.effective_from} timeZone={timeZone} />
            </>
          )}
          {override.effective_to && (
            <>
              {" "}
              to <Moment at={override.effective_to} timeZone={timeZone} />
            </>
          )}
        </p>
        <p className="break-words text-ink">{override.note}</p>
        <p>
          {override.created_by ?? "A key"}, <Moment at={override.created_at} timeZone={timeZone} />
        </p>
        <Actions override={override} state={state} onOpen={onOpen} />
      </div>
    </li>
  );
}

function Prices({ override }: { override: PriceOverrideAnswer }) {
  const prices = listSetPrices(override);
  return (
    <p className="tabular flex flex-wrap gap-x-3">
      {override.maps_to !== null && (
        <span className="break-all">
          Priced like <span className="font-mono text-xs">{override.maps_to}</span>
          {prices.length > 0 && ", with"}
        </span>
      )}
      {prices.map(([name, price]) => (
        <span key={name}>
          <span className="text-ink-muted">{name}</span> {price}
        </span>
      ))}
    </p>
  );
}

function describeReach({ project, tier, region, context_over }: PriceOverrideAnswer): string {
  return [
    project ? `Project ${project}` : "Every project",
    tier ? `${tier} tier` : null,
    region ? `region ${region}` : null,
    context_over ? `above ${formatCount(context_over)} input tokens` : null,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

interface ActionsProps {
  override: PriceOverrideAnswer;
  state: OverrideState;
  onOpen: (task: PriceTask) => void;
}

function Actions({ override, state, onOpen }: ActionsProps) {
  const { project: selected } = useWorkspace();
  const may = useMay();
  const [isEnding, setEnding] = useState(false);
  const permission = override.project ? "prices.write" : "prices.write_everywhere";
  if (!may(permission, override.project)) return null;
  const project = override.project ?? selected;
  const names: Record<string, string> = override.model.endsWith("*")
    ? {}
    : { model: override.model };
  return (
    <div className="flex flex-wrap gap-2 pt-1.5">
      {state !== "ended" && (
        <>
          <Button
            size="small"
            onClick={() =>
              onOpen({ kind: "price", isNamed: false, project, draft: draftOf(override) })
            }
          >
            Change…
          </Button>
          <Button size="small" onClick={() => setEnding(true)}>
            End…
          </Button>
        </>
      )}
      <Button
        size="small"
        variant="ghost"
        onClick={() =>
          onOpen({
            kind: "reprice",
            project,
            filter: names,
            reason: override.note,
            // A filter names models and knows no star: every call is looked at, and keeps what is right.
            title: names.model ? `Reprice calls of ${names.model}` : "Reprice calls of every model",
          })
        }
      >
        Reprice…
      </Button>
      {isEnding && <EndPriceDialog override={override} onClose={() => setEnding(false)} />}
    </div>
  );
}
