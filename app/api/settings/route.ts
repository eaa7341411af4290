import { apiRoute } from "@/lib/api-route";
import { getSettings } from "@/lib/settings/get-settings";
import { settingsSchema, updateSettingsSchema } from "@/lib/settings/settings-schemas";
import { updateSettings } from "@/lib/settings/update-settings";

export const GET = apiRoute({ permission: null, response: settingsSchema }, ({ db, runtime }) =>
  getSettings(db, runtime.env),
);

export const PUT = apiRoute(
  { permission: "settings.write", body: updateSettingsSchema, response: settingsSchema },
  ({ body, ...context }) => updateSettings(context, body),
);
