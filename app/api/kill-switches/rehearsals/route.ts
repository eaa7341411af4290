import { listProjectRows } from "@/db/queries/projects";
import { apiRoute } from "@/lib/api-route";
import { toKillSwitchAnswer } from "@/lib/kill-switches/kill-switch-answer";
import { killSwitchSchema, rehearseSwitchSchema } from "@/lib/kill-switches/kill-switch-schemas";
import { rehearseSwitch } from "@/lib/kill-switches/rehearse-switch";

export const POST = apiRoute(
  // Whoever begins one also ends it.
  { permission: "switches.release", body: rehearseSwitchSchema, response: killSwitchSchema },
  async ({ body, projects: _, ...context }) => {
    const row = await rehearseSwitch(context, body);
    const slugs = new Map((await listProjectRows(context.db)).map(({ id, slug }) => [id, slug]));
    return toKillSwitchAnswer(row, slugs, Date.now());
  },
);
