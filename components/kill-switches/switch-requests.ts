import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { isAwaited } from "@/components/kill-switches/obedience-words";
import type { Rehearsal } from "@/components/kill-switches/rehearsal";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { liveEvery } from "@/components/states/live-every";
import { requestJson } from "@/lib/api-client";
import type { InstanceListAnswer } from "@/lib/instances/instance-schemas";
import type {
  EngagedSwitchesAnswer,
  KillSwitchAnswer,
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
/** While somebody waits for instances to confirm. */
const AWAITED_MS = 1_000;

/** Switches, who is calling, and what was done to switches (`GET /api/kill-switches`). */
export function switchesQuery(project: string) {
  const query = new URLSearchParams({ project });
  return queryOptions({
    queryKey: ["kill-switches", "all", project],
    queryFn: ({ signal }) =>
      requestJson<KillSwitchListAnswer>("/api/kill-switches", { query, signal }),
    refetchInterval: (asked) => {
      const isAny = asked.state.data?.switches.some(({ obedience }) => isAwaited(obedience));
      return liveEvery(isAny ? AWAITED_MS : LIVE_MS)(asked);
    },
  });
}

/** Instances that a switch is about, last seen first (`GET /api/instances`). @param everyMs between two answers */
export function instancesQuery(
  { scope, project, value }: SwitchTarget,
  { limit, everyMs }: { limit: number; everyMs: number },
) {
  const place = scope === "project" ? (value ?? project) : project;
  const query = new URLSearchParams({ project: place ?? ALL_PROJECTS, limit: String(limit) });
  if (scope === "agent" && value !== null) query.set("agent", value);
  return queryOptions({
    queryKey: ["instances", query.toString()],
    queryFn: ({ signal }) => requestJson<InstanceListAnswer>("/api/instances", { query, signal }),
    refetchInterval: liveEvery(everyMs),
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

/** Stops an agent for at most a minute (`POST /api/kill-switches/rehearsals`). */
export function postRehearsal(body: {
  project: string;
  agent: string;
  reason: string;
}): Promise<KillSwitchAnswer> {
  return requestJson("/api/kill-switches/rehearsals", { method: "POST", body });
}

/** Ends a rehearsal. A switch that somebody engaged after it is not its own, and stays. */
export async function releaseRehearsal({ project, agent, engagedAt }: Rehearsal): Promise<void> {
  const target: SwitchTarget = { scope: "agent", project, value: agent };
  const query = new URLSearchParams({ project });
  const { switches } = await requestJson<EngagedSwitchesAnswer>("/api/kill-switches/engaged", {
    query,
  });
  const isOwn = switches.some(
    (one) => one.scope === "agent" && one.value === agent && one.engaged_at === engagedAt,
  );
  if (isOwn)
    await putSwitch(target, { engaged: false, reason: "The rehearsal is over", until: null });
}
