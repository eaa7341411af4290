import { z } from "zod";
import { ATTRIBUTION_TAGS } from "@/lib/projects/attribution-tags";

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

const MAX_COVERAGE_TAGS = 4;
const coverageTag = z
  .string()
  .max(256)
  .refine((name) => ATTRIBUTION_TAGS.some((tag) => tag === name) || /^metadata\../.test(name), {
    error: `must be one of ${ATTRIBUTION_TAGS.join(", ")}, or metadata.<key>`,
  });
/** Tags that every cost is to carry, each once. */
const coverageTagsSchema = z
  .array(coverageTag)
  .min(1)
  .max(MAX_COVERAGE_TAGS)
  .refine((names) => new Set(names).size === names.length, { error: "names a tag twice" })
  .nullable()
  .meta({
    description:
      "Dimensions whose coverage the Overview shows. null: feature, agent, user, and metadata.team where calls have it.",
  });

/** Body of PUT /api/settings. */
export const updateSettingsSchema = z.strictObject({
  organisation_name: organisationNameSchema,
  time_zone: timeZoneSchema,
  coverage_tags: coverageTagsSchema.optional(),
});
export type UpdateSettingsInput = z.output<typeof updateSettingsSchema>;

export const settingsSchema = z.object({
  organisation_name: z.string(),
  /** IANA zone of every calendar question that names none. */
  time_zone: z.string(),
  coverage_tags: z.array(z.string()).nullable(),
});
export type SettingsAnswer = z.output<typeof settingsSchema>;
