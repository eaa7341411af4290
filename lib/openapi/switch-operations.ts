import { instanceListSchema, instancesQuerySchema } from "@/lib/instances/instance-schemas";
import {
  engagedSwitchesSchema,
  killSwitchListSchema,
  killSwitchPreviewSchema,
  killSwitchSchema,
  previewKillSwitchSchema,
  putKillSwitchSchema,
  rehearseSwitchSchema,
} from "@/lib/kill-switches/kill-switch-schemas";
import type { Operation } from "@/lib/openapi/operation";

/** What stops calls at once. */
export const SWITCH_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/kill-switches",
    summary: "Kill switches, who called just now, and what people did",
    permission: "switches.read",
    response: killSwitchListSchema,
  },
  {
    method: "put",
    path: "/api/kill-switches",
    summary: "Engage or release a kill switch",
    description:
      "It holds for the very next reservation. Releasing takes `switches.release`, as does making an engaged one end earlier; the global one takes `switches.write_everywhere`.",
    permission: "switches.engage",
    body: putKillSwitchSchema,
    response: killSwitchSchema,
  },
  {
    method: "get",
    path: "/api/kill-switches/engaged",
    summary: "What is stopped now",
    permission: "switches.read",
    response: engagedSwitchesSchema,
  },
  {
    method: "get",
    path: "/api/kill-switches/preview",
    summary: "What a kill switch would stop now",
    permission: "switches.read",
    query: previewKillSwitchSchema,
    response: killSwitchPreviewSchema,
  },
  {
    method: "post",
    path: "/api/kill-switches/rehearsals",
    summary: "Stop an agent for at most a minute, to see how long that takes",
    description:
      "It really stops it. `obedience` of GET /api/kill-switches says who has confirmed; release it by PUT /api/kill-switches, or it ends by itself. 409 where the agent is stopped already, or nothing of it runs.",
    permission: "switches.release",
    body: rehearseSwitchSchema,
    response: killSwitchSchema,
  },
  {
    method: "get",
    path: "/api/instances",
    summary: "Agents that run, by their heartbeats, and the policy that each obeys",
    permission: "switches.read",
    query: instancesQuerySchema,
    response: instanceListSchema,
  },
];
