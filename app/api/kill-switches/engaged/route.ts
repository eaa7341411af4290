import { apiRoute } from "@/lib/api-route";
import { engagedSwitchesSchema } from "@/lib/kill-switches/kill-switch-schemas";
import { listEngagedSwitches } from "@/lib/kill-switches/list-engaged-switches";

export const GET = apiRoute(
  { permission: "switches.read", response: engagedSwitchesSchema },
  ({ db, projects }) => listEngagedSwitches({ db, projects }),
);
