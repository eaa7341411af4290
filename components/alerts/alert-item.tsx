"use client";

import { AlarmClockOff, Moon, UserCheck } from "lucide-react";
import { AlertStateBadge, SeverityIcon } from "@/components/alerts/alert-badges";
import { listAlertLinks } from "@/components/alerts/alert-links";
import { DeliveriesList } from "@/components/alerts/deliveries-list";
import { exactFigures } from "@/components/alerts/exact-figures";
import { KIND_WORDS } from "@/components/alerts/kind-words";
import { useWorkspace } from "@/components/layout/workspace";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import { PointedLink } from "@/components/ui/pointed-link";
import type { AlertAnswer } from "@/lib/alerts/alert-schemas";

/** What can be done to an alert. */
export type AlertAction = "acknowledge" | "snooze" | "end-snooze";

interface AlertItemProps {
  alert: AlertAnswer;
  /** Its own address. */
  href: string;
  onAct: (action: AlertAction) => void;
}

/** One alert: what happened, since when, who was told, what stops next, and where to act. */
export function AlertItem({ alert, href, onAct }: AlertItemProps) {
  const { timeZone } = useWorkspace();
  const { title, lines, severity, state, kind, project, opened_at } = alert;
  return (
    <li className="flex flex-col gap-2.5 border-line border-t p-4 first:border-t-0">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-1 basis-80 gap-2">
          <SeverityIcon severity={severity} />
          <div className="flex min-w-0 flex-col gap-1">
            <h2 className="font-medium text-sm" title={exactFigures(alert.facts) ?? undefined}>
              <PointedLink
                href={href}
                className="underline-offset-2 [overflow-wrap:anywhere] hover:underline"
              >
                {title}
              </PointedLink>
            </h2>
            <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[13px] text-ink-muted">
              <AlertStateBadge state={state} />
              <Badge>{KIND_WORDS[kind].label}</Badge>
              <span>{project === null ? "every project" : project}</span>
              <span>
                since <Moment at={opened_at} timeZone={timeZone} />
              </span>
            </p>
          </div>
        </div>
        <AlertActions alert={alert} onAct={onAct} />
      </div>
      <div className="flex flex-col gap-1 pl-6 text-[13px]">
        {/* The project stands above. */}
        <p className="text-ink-muted [overflow-wrap:anywhere]">
          {lines.filter((line) => line !== `Project ${project}.`).join(" ")}
        </p>
        <p className="[overflow-wrap:anywhere]">
          <span className="font-medium">What stops next: </span>
          {alert.what_stops_next}
        </p>
        <Handled alert={alert} />
      </div>
      <div className="pl-6">
        <DeliveriesList alert={alert} />
      </div>
      <ul aria-label="Where to act" className="flex flex-wrap gap-x-4 gap-y-1 pl-6 text-[13px]">
        {listAlertLinks(alert, timeZone).map((link) => (
          <li key={link.label}>
            <PointedLink href={link.href} className="text-link underline-offset-2 hover:underline">
              {link.label}
            </PointedLink>
          </li>
        ))}
      </ul>
    </li>
  );
}

function AlertActions({ alert, onAct }: Pick<AlertItemProps, "alert" | "onAct">) {
  const { can_handle, state, title } = alert;
  if (!can_handle || state === "resolved") return null;
  return (
    <div className="flex flex-wrap gap-2">
      {alert.acknowledged === null && (
        <Button
          size="small"
          aria-label={`Acknowledge: ${title}`}
          onClick={() => onAct("acknowledge")}
        >
          <UserCheck aria-hidden="true" />
          Acknowledge
        </Button>
      )}
      {state === "snoozed" ? (
        <Button
          size="small"
          aria-label={`End the snooze: ${title}`}
          onClick={() => onAct("end-snooze")}
        >
          <AlarmClockOff aria-hidden="true" />
          End the snooze
        </Button>
      ) : (
        <Button size="small" aria-label={`Snooze: ${title}`} onClick={() => onAct("snooze")}>
          <Moon aria-hidden="true" />
          Snooze
        </Button>
      )}
    </div>
  );
}

/** Who is at it, until when it is quiet, since when it is over. */
function Handled({ alert }: { alert: AlertAnswer }) {
  const { timeZone } = useWorkspace();
  const { acknowledged, snoozed, resolved_at } = alert;
  return (
    <>
      {acknowledged && (
        <p className="[overflow-wrap:anywhere]">
          {acknowledged.by} is at it since <Moment at={acknowledged.at} timeZone={timeZone} />
          {acknowledged.note && `: ${acknowledged.note}`}
        </p>
      )}
      {snoozed && (
        <p className="[overflow-wrap:anywhere]">
          Snoozed by {snoozed.by} until <Moment at={snoozed.until} timeZone={timeZone} />
          {snoozed.reason && `: ${snoozed.reason}`}
        </p>
      )}
      {resolved_at && (
        <p>
          Over since <Moment at={resolved_at} timeZone={timeZone} />.
        </p>
      )}
    </>
  );
}
