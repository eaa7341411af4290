"use client";

import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { SeverityIcon } from "@/components/alerts/alert-badges";
import type { AlertGroup } from "@/components/alerts/group-alerts";
import { KIND_WORDS } from "@/components/alerts/kind-words";
import { useWorkspace } from "@/components/layout/workspace";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Moment } from "@/components/ui/moment";
import { PointedLink } from "@/components/ui/pointed-link";
import type { DeliveryAnswer } from "@/lib/alerts/alert-schemas";
import { formatCount, formatQuantity } from "@/lib/format";
import { BUDGETS_PATH } from "@/lib/paths";

const STATES: Readonly<Record<DeliveryAnswer["state"], string>> = {
  sent: "sent",
  pending: "waiting",
  dead: "given up",
  cancelled: "cancelled",
  silenced: "silenced by a snooze",
};

interface AlertGroupItemProps {
  group: AlertGroup;
  /** Whether earlier alerts are not loaded: there may be more of these. */
  hasMore: boolean;
  /** The items of its alerts. */
  children: ReactNode;
}

/** Many values of one budget that passed a stage: how many, which are fullest, who was told; each for who asks. */
export function AlertGroupItem({ group, hasMore, children }: AlertGroupItemProps) {
  const { timeZone } = useWorkspace();
  const [isOpen, setOpen] = useState(false);
  const listId = useId();
  const { alerts, budgetName, percent, fullest, told } = group;
  const [latest] = alerts;
  const first = alerts.at(-1);
  if (!latest || !first) return null;
  const open = alerts.filter(({ state }) => state === "open").length;
  const others = alerts.length - fullest.length;
  return (
    <li className="flex flex-col gap-2.5 border-line border-t p-4 first:border-t-0">
      <div className="flex min-w-0 gap-2">
        <SeverityIcon severity={latest.severity} />
        <div className="flex min-w-0 flex-col gap-1">
          <h2 className="font-medium text-sm [overflow-wrap:anywhere]">
            {budgetName}: {formatCount(alerts.length)} {hasMore && "or more "}of its values passed{" "}
            {percent} %
          </h2>
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[13px] text-ink-muted">
            <Badge>{KIND_WORDS.threshold.label}</Badge>
            <span>{latest.project ?? "every project"}</span>
            <span>
              since <Moment at={first.opened_at} timeZone={timeZone} />
            </span>
            <span>{open === alerts.length ? "all open" : `${formatCount(open)} open`}</span>
          </p>
        </div>
      </div>
      <div className="flex flex-col gap-1 pl-6 text-[13px]">
        <p className="text-ink-muted [overflow-wrap:anywhere]">
          {fullest
            .map(({ value, usedPercent }) => `${value} used ${formatCount(usedPercent)} %`)
            .join(", ")}
          {others > 0 && ` and ${formatQuantity(others, "other")}`}.
        </p>
        <p className="[overflow-wrap:anywhere]">
          <span className="font-medium">What stops next: </span>
          {latest.what_stops_next}
        </p>
        {told.map(({ channel, states }) => (
          <p key={channel} className="[overflow-wrap:anywhere]">
            <span className="font-medium">{channel}</span>:{" "}
            {states
              .map(([state, notices]) => `${formatCount(notices)} ${STATES[state]}`)
              .join(", ")}
          </p>
        ))}
        {told.length === 0 && <p className="text-caution">Nobody was told of them.</p>}
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 pl-6 text-[13px]">
        <Button
          variant="link"
          size="inline"
          aria-expanded={isOpen}
          aria-controls={listId}
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronRight
            aria-hidden="true"
            className={cn("size-3.5 transition-transform", isOpen && "rotate-90")}
          />
          {isOpen ? "Fold" : "Show"} the {formatCount(alerts.length)}
          <span className="sr-only"> values of {budgetName}</span>
        </Button>
        {latest.budget_id !== null && (
          <PointedLink
            href={`${BUDGETS_PATH}/${latest.budget_id}`}
            className="text-link underline-offset-2 hover:underline"
          >
            The budget
          </PointedLink>
        )}
      </div>
      <div id={listId}>
        {isOpen && (
          <ul aria-label={`Values of ${budgetName}`} className="border-line border-l">
            {children}
          </ul>
        )}
      </div>
    </li>
  );
}
