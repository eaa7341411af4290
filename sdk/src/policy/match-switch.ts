import type { Halt } from "../halted-error.ts";
import type { KillSwitch, PolicyTags } from "./policy.ts";

/** The first engaged switch that stops a call; null: none does. @param nowMs by the server's clock */
export function findSwitch(
  switches: readonly KillSwitch[],
  tags: PolicyTags,
  nowMs: number,
): KillSwitch | null {
  for (const one of switches) if (isEngaged(one, nowMs) && stops(one, tags)) return one;
  return null;
}

/** The first engaged switch that stops everything of an agent, whatever else its calls say; null: none. */
export function findWholeSwitch(
  switches: readonly KillSwitch[],
  agent: string,
  nowMs: number,
): KillSwitch | null {
  const isWhole = (one: KillSwitch) =>
    one.scope === "agent" ? (one.value ?? "") === agent : !BY_OTHER_TAG.has(one.scope);
  return switches.find((one) => isEngaged(one, nowMs) && isWhole(one)) ?? null;
}

const BY_OTHER_TAG: ReadonlySet<string> = new Set(["feature", "user", "model"]);

function isEngaged({ untilMs }: KillSwitch, nowMs: number): boolean {
  return untilMs === null || nowMs < untilMs;
}

function stops({ scope, value }: KillSwitch, tags: PolicyTags): boolean {
  switch (scope) {
    case "agent":
    case "feature":
    case "user":
    case "model":
      return tags[scope] === (value ?? "");
    default:
      // `global`, `project`, and a scope that this version does not know: too much is better than a stop that is none.
      return true;
  }
}

/** What a halted agent is told of a switch. */
export function haltOfSwitch(one: KillSwitch): Halt {
  const whose = one.value === null ? one.scope : `${one.scope} "${one.value}"`;
  const until = one.until === null ? "" : ` until ${one.until}`;
  const by = one.engaged_by === null ? "" : ` by ${one.engaged_by}`;
  const why = one.reason === "" ? "" : `: ${one.reason}`;
  return {
    code: "kill_switch",
    reason: `The kill switch of ${whose} was engaged${by}${until}${why}.`,
    by: one.engaged_by,
    at: one.engaged_at,
    until: one.until,
    scope: one.scope,
  };
}
