import { z } from "zod";

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** An IANA zone. Offsets such as "+02:00" are refused: they know no daylight saving time. */
export const timeZoneSchema = z
  .string()
  .refine((zone) => /^[A-Za-z]/.test(zone) && isTimeZone(zone), {
    error: "must be an IANA time zone such as Europe/Berlin",
  });
export const organisationNameSchema = z.string().trim().min(1).max(100);

/** Body of PUT /api/settings. */
export const updateSettingsSchema = z.strictObject({
  organisation_name: organisationNameSchema,
  time_zone: timeZoneSchema,
});
export type UpdateSettingsInput = z.output<typeof updateSettingsSchema>;

export const settingsSchema = z.object({
  organisation_name: z.string(),
  /** IANA zone of every calendar question that names none. */
  time_zone: z.string(),
});
export type SettingsAnswer = z.output<typeof settingsSchema>;
