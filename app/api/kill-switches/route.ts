import { listProjectRows } from "@/db/queries/projects";
import { apiRoute } from "@/lib/api-route";
import { toKillSwitchAnswer } from "@/lib/kill-switches/kill-switch-answer";
import {
  killSwitchListSchema,
  killSwitchSchema,
  putKillSwitchSchema,
} from "@/lib/kill-switches/kill-switch-schemas";
import { listKillSwitches } from "@/lib/kill-switches/list-kill-switches";
import { setKillSwitch } from "@/lib/kill-switches/set-kill-switch";

export const GET = apiRoute(
  { permission: "switches.read", response: killSwitchListSchema },
  ({ db, projects, runtime }) =>
    listKillSwitches({ db, projects, clickhouse: runtime.clickhouse, log: runtime.log }),
);

export const PUT = apiRoute(
  // Who may do which of the two, and where, the verb decides.
  { permission: "switches.engage", body: putKillSwitchSchema, response: killSwitchSchema },
  async ({ body, projects, ...context }) => {
    const [only] = projects.length === 1 && body.scope !== "global" ? projects : [];
    // A project that is named as the value needs no other.
    const isNamed = body.project != null || (body.scope === "project" && body.value != null);
    const project = isNamed ? body.project : only?.slug;
    const row = await setKillSwitch(context, { ...body, project });
    const slugs = new Map((await listProjectRows(context.db)).map(({ id, slug }) => [id, slug]));
    return toKillSwitchAnswer(row, slugs, Date.now());
  },
);
