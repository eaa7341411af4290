import { healthSchema } from "@/lib/health/health-schemas";
import type { Operation } from "@/lib/openapi/operation";
import { settingsSchema, updateSettingsSchema } from "@/lib/settings/settings-schemas";

/** The organisation's own, and how the installation is. */
export const SETTINGS_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/settings",
    summary: "The organisation's settings",
    permission: null,
    response: settingsSchema,
  },
  {
    method: "put",
    path: "/api/settings",
    summary: "Change the organisation's settings",
    permission: "settings.write",
    body: updateSettingsSchema,
    response: settingsSchema,
  },
  {
    method: "get",
    path: "/api/health",
    summary: "How the installation is, for people",
    description: "A part that could not be asked says why. Machines ask GET /readyz.",
    permission: "settings.read",
    response: healthSchema,
  },
];
