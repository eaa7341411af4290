"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CirclePlay, X } from "lucide-react";
import { useEffect, useRef } from "react";
import {
  copyResult,
  describeMeasured,
  describeResult,
  endOfRehearsal,
  isComplete,
  isConfirmed,
  measureRehearsal,
  type Rehearsal,
} from "@/components/kill-switches/rehearsal";
import { instancesQuery, releaseRehearsal } from "@/components/kill-switches/switch-requests";
import { useWorkspace } from "@/components/layout/workspace";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import { Moment } from "@/components/ui/moment";

interface RehearsalPanelProps {
  rehearsal: Rehearsal;
  /** The agent's switch as the page knows it; null: it is not engaged. */
  engaged: { engaged_at: string | null } | null;
  /** When the page heard of that, ms since 1970; 0: not yet. */
  asOfMs: number;
  onChange: (rehearsal: Rehearsal | null) => void;
}

const MEASURE_EVERY_MS = 500;
/** As many as are answered. */
const MAX_MEASURED = 1_000;
/** A region that scrolls must take focus, so that arrow keys can move it (WCAG 2.1.1). */
const SCROLLER_FOCUS = { tabIndex: 0 } as const;

/** A rehearsal, live: each instance's time to its stop, the release once all have confirmed, and the result afterwards. */
export function RehearsalPanel({ rehearsal, engaged, asOfMs, onChange }: RehearsalPanelProps) {
  const { isOn, error, retry, release, isReleasing } = useProgress({
    rehearsal,
    engaged,
    asOfMs,
    onChange,
  });
  return (
    <Card aria-label="Rehearsal" className="flex flex-col gap-3 p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <CardTitle className="[overflow-wrap:anywhere]">
            Rehearsed stop of agent {rehearsal.agent}
          </CardTitle>
          <p aria-live="polite" className="tabular mt-1 font-medium text-sm">
            {describeResult(rehearsal)}
          </p>
          <State rehearsal={rehearsal} />
        </div>
        <div className="flex flex-wrap gap-2">
          {isOn ? (
            <Button size="small" aria-disabled={isReleasing} onClick={release}>
              <CirclePlay aria-hidden="true" />
              {isReleasing ? "Releasing…" : "Release now"}
            </Button>
          ) : (
            <>
              <CopyButton size="small" label="Copy result" text={() => copyResult(rehearsal)} />
              <Button size="small" onClick={() => onChange(null)}>
                <X aria-hidden="true" />
                Dismiss
              </Button>
            </>
          )}
        </div>
      </div>
      {error !== null && (
        <PanelError
          what="The rehearsal"
          failure="could not go on: it ends by itself within its minute"
          error={error}
          onRetry={retry}
        />
      )}
      <Times rehearsal={rehearsal} />
    </Card>
  );
}

/** Asks instances what they do, and releases the agent once when all have confirmed. */
function useProgress({ rehearsal, engaged, asOfMs, onChange }: RehearsalPanelProps) {
  const queries = useQueryClient();
  const { project, agent } = rehearsal;
  const isOn = rehearsal.end === null;
  const limits = { limit: MAX_MEASURED, everyMs: MEASURE_EVERY_MS };
  const query = useQuery({
    ...instancesQuery({ scope: "agent", project, value: agent }, limits),
    enabled: isOn,
  });
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => releaseRehearsal(rehearsal),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["kill-switches"] }),
  });
  const fresh = query.dataUpdatedAt > rehearsal.begunMs ? query.data : undefined;
  const measured = isOn && fresh ? measureRehearsal(rehearsal, fresh) : rehearsal.measured;
  const next = { ...rehearsal, measured, end: endOfRehearsal(rehearsal, engaged, asOfMs) };
  const hasChanged = JSON.stringify(next) !== JSON.stringify(rehearsal);
  useEffect(() => {
    if (hasChanged) onChange(next);
  });
  const wasAsked = useRef<string | null>(null);
  const isDue = isOn && isComplete(rehearsal);
  useEffect(() => {
    // Once by itself: what failed is tried again by the person who reads why.
    if (!isDue || wasAsked.current === rehearsal.engagedAt) return;
    wasAsked.current = rehearsal.engagedAt;
    mutate();
  }, [isDue, rehearsal.engagedAt, mutate]);
  return {
    isOn,
    isReleasing: isPending,
    release: () => !isPending && mutate(),
    error: isOn ? (error ?? query.error) : null,
    retry: () => (error ? mutate() : void query.refetch()),
  };
}

function State({ rehearsal: { end, until, engagedAt } }: { rehearsal: Rehearsal }) {
  const { timeZone } = useWorkspace();
  return (
    <p className="text-[13px] text-ink-muted">
      {end === null && (
        <>
          The agent is stopped, until all have confirmed or{" "}
          <Moment at={until} timeZone={timeZone} hasSeconds /> at the latest.
        </>
      )}
      {end !== null && (
        <>
          Begun <Moment at={engagedAt} timeZone={timeZone} hasSeconds />.{" "}
          {end === "over"
            ? "It is over: the agent may run again."
            : "Somebody has stopped the agent meanwhile: it stays stopped."}
        </>
      )}
    </p>
  );
}

function Times({ rehearsal: { measured, end } }: { rehearsal: Rehearsal }) {
  if (measured.length === 0) return null;
  return (
    <section
      aria-label="Time of each instance"
      {...SCROLLER_FOCUS}
      className="max-h-72 overflow-y-auto"
    >
      <ul className="grid gap-x-6 sm:grid-cols-2 xl:grid-cols-3">
        {measured.map((one) => (
          <li
            key={one.instanceId}
            className="flex items-baseline justify-between gap-3 border-line border-t py-1 text-[13px]"
          >
            <span className="min-w-0 truncate font-mono text-xs" title={one.instanceId}>
              {one.instanceId}
            </span>
            <span
              className={cn(
                "tabular whitespace-nowrap text-right",
                !isConfirmed(one) && "text-ink-muted",
              )}
            >
              {describeMeasured(one, end)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
