import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { liveEvery } from "@/components/states/live-every";
import { requestJson } from "@/lib/api-client";
import type {
  KillSwitchListAnswer,
  killSwitchPreviewSchema,
  SwitchScope,
} from "@/lib/kill-switches/kill-switch-schemas";

/** What a switch is for. A project's value is its slug; of everything there is none. */
export interface SwitchTarget {
  scope: SwitchScope;
  /** Slug; null: of no project, or of each. */
  project: string | null;
  value: string | null;
}

export type SwitchPreview = z.output<typeof killSwitchPreviewSchema>;

const LIVE_MS = 5_000;

/** Switches, who is calling, and what was done to switches (`GET /api/kill-switches`). */
export function switchesQuery(project: string) {
  const query = new URLSearchParams({ project });
  return queryOptions({
    queryKey: ["kill-switches", "all", project],
    queryFn: ({ signal }) =>
      requestJson<KillSwitchListAnswer>("/api/kill-switches", { query, signal }),
    refetchInterval: liveEvery(LIVE_MS),
  });
}

/** What a switch would stop now (`GET /api/kill-switches/preview`). */
export function previewQuery({ scope, project, value }: SwitchTarget) {
  const query = new URLSearchParams({ scope });
  if (project !== null) query.set("project", project);
  if (value !== null) query.set("value", value);
  return queryOptions({
    queryKey: ["kill-switches", "preview", query.toString()],
    queryFn: ({ signal }) =>
      requestJson<SwitchPreview>("/api/kill-switches/preview", { query, signal }),
  });
}

interface SwitchChange {
  engaged: boolean;
  reason: string;
  /** RFC 3339; null: until somebody releases it. */
  until: string | null;
}

/** Engages or releases a switch (`PUT /api/kill-switches`). */
export function putSwitch(target: SwitchTarget, change: SwitchChange): Promise<unknown> {
  return requestJson("/api/kill-switches", { method: "PUT", body: switchBody(target, change) });
}

/** The body of that request. A target may be a line of the screen, which knows more than names it. */
export function switchBody({ scope, project, value }: SwitchTarget, change: SwitchChange) {
  return {
    scope,
    ...(project === null ? {} : { project }),
    ...(value === null ? {} : { value }),
    ...change,
  };
}
