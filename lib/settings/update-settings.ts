import { findSettings, updateSettingsRow } from "@/db/queries/settings";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import type { SettingsAnswer, UpdateSettingsInput } from "@/lib/settings/settings-schemas";

/** Names the organisation, its zone and the tags that costs are to carry; tags that are not given stay. The zone moves where a day begins in every figure; no event changes. @throws OutlayError `forbidden` */
export async function updateSettings(
  context: ActionContext,
  input: UpdateSettingsInput,
): Promise<SettingsAnswer> {
  requirePermission(context.actor, "settings.write", null);
  return context.db.transaction(async (tx) => {
    const before = await findSettings(tx);
    const { coverage_tags = before.coverageTags } = input;
    const after = { ...input, coverage_tags };
    await updateSettingsRow(tx, {
      organisationName: input.organisation_name,
      timeZone: input.time_zone,
      coverageTags: coverage_tags,
    });
    await recordAudit(tx, context, {
      action: "settings.update",
      targetType: "settings",
      targetId: "organisation",
      projectId: null,
      before: {
        organisation_name: before.organisationName,
        time_zone: before.timeZone,
        coverage_tags: before.coverageTags,
      },
      after,
    });
    return after;
  });
}
