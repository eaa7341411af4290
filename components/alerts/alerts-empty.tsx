"use client";

import { BellRing, ListFilter } from "lucide-react";
import { ALERT_STATE_WORDS } from "@/components/alerts/alert-state";
import { KIND_WORDS } from "@/components/alerts/kind-words";
import { useMay } from "@/components/layout/use-may";
import { EmptyState } from "@/components/states/empty-state";
import { Button } from "@/components/ui/button";
import { PointedLink } from "@/components/ui/pointed-link";
import { ALERT_KINDS, type AlertKind } from "@/lib/alerts/alert";
import type { AlertState } from "@/lib/alerts/alert-schemas";
import { CHANNELS_PATH } from "@/lib/paths";

interface AlertsEmptyProps {
  state: AlertState | null;
  kind: AlertKind | null;
  /** Slug; null: all. */
  project: string | null;
  onClear: () => void;
  onAllProjects: () => void;
}

/** Why there is no alert: the filters leave none, this project has none, or nothing ever happened. */
export function AlertsEmpty({ state, kind, project, onClear, onAllProjects }: AlertsEmptyProps) {
  const may = useMay();
  if (state !== null || kind !== null) {
    const filters = [
      state && ALERT_STATE_WORDS[state].label.toLowerCase(),
      kind && KIND_WORDS[kind].label.toLowerCase(),
    ].filter((one) => one !== null);
    return (
      <EmptyState
        icon={ListFilter}
        title="No alert is like that"
        actions={<Button onClick={onClear}>Clear the filters</Button>}
      >
        The filters leave none: {filters.join(", ")}
        {project === null ? "" : `, in ${project}`}.
      </EmptyState>
    );
  }
  if (project !== null) {
    return (
      <EmptyState
        icon={BellRing}
        title={`Nothing happened in ${project}`}
        actions={<Button onClick={onAllProjects}>Look at every project</Button>}
      >
        No budget of it passed a stage, and nothing else was found.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={BellRing}
      title="Nothing ever happened"
      actions={
        may("channels.read", null) && (
          <Button asChild>
            <PointedLink href={CHANNELS_PATH}>Who is told: add a channel</PointedLink>
          </Button>
        )
      }
    >
      <p>Outlay watches, each minute:</p>
      <ul className="mt-1 list-disc pl-5 text-left">
        {ALERT_KINDS.map((one) => (
          <li key={one}>{KIND_WORDS[one].meaning}</li>
        ))}
      </ul>
    </EmptyState>
  );
}
