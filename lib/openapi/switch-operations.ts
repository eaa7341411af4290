import {
  engagedSwitchesSchema,
  killSwitchListSchema,
  killSwitchPreviewSchema,
  killSwitchSchema,
  previewKillSwitchSchema,
  putKillSwitchSchema,
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
];
