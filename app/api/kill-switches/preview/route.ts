import { apiRoute } from "@/lib/api-route";
import {
  killSwitchPreviewSchema,
  previewKillSwitchSchema,
} from "@/lib/kill-switches/kill-switch-schemas";
import { previewKillSwitch } from "@/lib/kill-switches/preview-kill-switch";

export const GET = apiRoute(
  {
    permission: "switches.read",
    query: previewKillSwitchSchema,
    response: killSwitchPreviewSchema,
  },
  ({ query, projects, runtime, ...context }) => {
    const { clickhouse, log } = runtime;
    const isNamed = query.scope === "global" || (query.scope === "project" && query.value);
    const [only] = projects.length === 1 && !isNamed ? projects : [];
    return previewKillSwitch({ ...context, clickhouse, log }, { ...query, project: only?.slug });
  },
);
