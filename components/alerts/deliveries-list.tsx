"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { BellOff, CircleAlert, CircleCheck, Clock, RotateCcw, X } from "lucide-react";
import { useId, useState } from "react";
import { resendDelivery } from "@/components/alerts/alert-requests";
import { sayDelivery, sayUntold } from "@/components/alerts/delivery-words";
import { sayAudience } from "@/components/alerts/kind-words";
import { TriesTable } from "@/components/alerts/tries-table";
import { useNow } from "@/components/filters/use-now";
import { useWorkspace } from "@/components/layout/workspace";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import type { AlertAnswer, DeliveryAnswer } from "@/lib/alerts/alert-schemas";

const MARKS: Readonly<Record<DeliveryAnswer["state"], { icon: typeof Clock; tone: string }>> = {
  pending: { icon: Clock, tone: "text-ink-muted" },
  sent: { icon: CircleCheck, tone: "text-good" },
  dead: { icon: CircleAlert, tone: "text-danger" },
  cancelled: { icon: X, tone: "text-ink-muted" },
  silenced: { icon: BellOff, tone: "text-ink-muted" },
};

/** Who was told of an alert: each channel with how its delivery stands, and its tries for who asks. */
export function DeliveriesList({ alert }: { alert: AlertAnswer }) {
  const untold = sayUntold(alert);
  if (untold !== null) {
    return (
      <p className={cn("text-[13px]", alert.nobody_told ? "text-caution" : "text-ink-muted")}>
        {untold}
      </p>
    );
  }
  return (
    <>
      <ul aria-label="Who was told" className="flex flex-col gap-1">
        {alert.deliveries.map((delivery) => (
          <DeliveryLine key={delivery.id} alert={alert} delivery={delivery} />
        ))}
      </ul>
      {alert.untold_audience.length > 0 && (
        <p className="mt-1 text-[13px] text-caution">
          No channel of {sayAudience(alert.untold_audience).replace(" and ", " or ")} takes it: they
          were not told.
        </p>
      )}
    </>
  );
}

interface DeliveryLineProps {
  alert: AlertAnswer;
  delivery: DeliveryAnswer;
}

function DeliveryLine({ alert, delivery }: DeliveryLineProps) {
  const { timeZone } = useWorkspace();
  const nowMs = useNow();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const panelId = useId();
  const { channel, state, tries } = delivery;
  const { icon: Icon, tone } = MARKS[state];
  const resend = useMutation({
    mutationFn: () => resendDelivery(alert.id, delivery.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["alerts"] }),
  });
  // What was given up, and what fails and need not wait for its time.
  const canResend = alert.can_handle && (state === "dead" || state === "silenced");
  return (
    <li className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px]">
        <p className="flex min-w-0 items-start gap-1.5" title={delivery.receipt ?? undefined}>
          <Icon aria-hidden="true" className={cn("mt-0.5 size-3.5 shrink-0", tone)} />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <span className="font-medium">{channel.name}</span>{" "}
            <span className="text-ink-muted">({channel.type})</span>:{" "}
            {sayDelivery(delivery, { nowMs, timeZone })}
          </span>
        </p>
        {tries.length > 0 && (
          <Button
            variant="link"
            size="inline"
            aria-expanded={isOpen}
            aria-controls={panelId}
            aria-label={`${isOpen ? "Hide" : "Show"} the tries of ${channel.name}`}
            onClick={() => setOpen(!isOpen)}
          >
            {tries.length === 1 ? "1 try" : `${tries.length} tries`}
          </Button>
        )}
        {canResend && (
          <Button
            size="small"
            aria-label={`Send again to ${channel.name}`}
            aria-disabled={resend.isPending}
            onClick={() => !resend.isPending && resend.mutate()}
          >
            <RotateCcw aria-hidden="true" />
            {resend.isPending ? "Sending…" : "Send again"}
          </Button>
        )}
      </div>
      {resend.error && (
        <PanelError
          what="It"
          failure="could not be sent again"
          error={resend.error}
          onRetry={() => resend.mutate()}
        />
      )}
      <div id={panelId}>{isOpen && <TriesTable tries={tries} timeZone={timeZone} />}</div>
    </li>
  );
}
