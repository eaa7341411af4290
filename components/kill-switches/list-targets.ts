import { countInstancesOf } from "@/components/kill-switches/obedience-words";
import type { SwitchTarget } from "@/components/kill-switches/switch-requests";
import type { KillSwitchListAnswer } from "@/lib/kill-switches/kill-switch-schemas";

type Engaged = KillSwitchListAnswer["switches"][number];

/** Who spent lately: an agent of a project, null without the tag. */
export interface SeenAgent {
  project: string;
  agent: string | null;
  costUsd: string | null;
  calls: number;
}

/** A line of the screen: what can be stopped, and whether it is. */
export interface ControlTarget extends SwitchTarget {
  /** The engaged switch; null: it runs. */
  engaged: Engaged | null;
  /** Of the last day; null: nothing is known of it. */
  lately: { costUsd: string | null; calls: number } | null;
  /** Sessions that had a call in the last minutes. */
  runningSessions: number;
  /** Instances that tell what they obey, and how many of them were not seen just now. */
  reach: { instances: number; unseen: number };
}

interface TargetsInput {
  answer: KillSwitchListAnswer;
  /** Slugs that the reader may see. */
  projects: readonly string[];
  seen: readonly SeenAgent[];
}

/**
 * Everything there is a switch for, by kind: all of it, each project, each agent that called lately, is connected or
 * stopped, and whatever else is stopped. What is stopped stands first, then who spent most.
 */
export function listTargets({ answer, projects, seen }: TargetsInput) {
  const engaged = answer.switches.filter((one) => one.engaged);
  const find = (target: SwitchTarget) =>
    engaged.find((one) => targetKey(one) === targetKey(target)) ?? null;
  const make = (target: SwitchTarget, known: Partial<ControlTarget> = {}): ControlTarget => ({
    ...target,
    engaged: find(target),
    lately: null,
    runningSessions: 0,
    reach: countInstancesOf(target, answer.instance_counts),
    ...known,
  });
  const everything = make({ scope: "global", project: null, value: null });
  const ofProjects = projects.map((slug) => make({ scope: "project", project: slug, value: slug }));
  const agents = new Map<string, ControlTarget>();
  const add = (target: SwitchTarget, known: Partial<ControlTarget> = {}) => {
    const before = agents.get(targetKey(target));
    agents.set(targetKey(target), { ...(before ?? make(target)), ...known });
  };
  for (const { project, agent, costUsd, calls } of seen) {
    // Calls without the tag have no name to stop them by.
    if (agent !== null) add(agentOf(project, agent), { lately: { costUsd, calls } });
  }
  for (const { project, agent, running_sessions } of answer.agents ?? []) {
    if (agent !== null) add(agentOf(project, agent), { runningSessions: running_sessions });
  }
  for (const { project, agent } of answer.instance_counts) {
    if (agent !== null) add(agentOf(project, agent));
  }
  const others: ControlTarget[] = [];
  for (const one of engaged) {
    const target = { scope: one.scope, project: one.project, value: one.value };
    if (one.scope === "agent") add(target);
    else if (one.scope !== "global" && one.scope !== "project") others.push(make(target));
  }
  return {
    everything,
    projects: ofProjects.sort(byNeed),
    agents: [...agents.values()].sort(byNeed),
    others,
  };
}

/** One text of a target, to find it by. */
export function targetKey({ scope, project, value }: SwitchTarget): string {
  // Of a project both say the same, and of everything neither says anything.
  const isWhole = scope === "global" || scope === "project";
  const place = scope === "global" ? null : (project ?? value);
  return JSON.stringify([scope, place, isWhole ? null : value]);
}

/** `Everything`, `Project shop`, `Agent researcher`. */
export function nameTarget({ scope, project, value }: SwitchTarget): string {
  if (scope === "global") return "Everything";
  const word = scope.charAt(0).toUpperCase() + scope.slice(1);
  return `${word} ${value ?? project ?? ""}`.trim();
}

function agentOf(project: string, agent: string): SwitchTarget {
  return { scope: "agent", project, value: agent };
}

function byNeed(one: ControlTarget, two: ControlTarget): number {
  return (
    Number(two.engaged !== null) - Number(one.engaged !== null) ||
    two.runningSessions - one.runningSessions ||
    two.reach.instances - one.reach.instances ||
    (two.lately?.calls ?? 0) - (one.lately?.calls ?? 0) ||
    nameTarget(one).localeCompare(nameTarget(two))
  );
}
