import { z } from "zod";
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from "@/lib/auth/password-length";
import { organisationNameSchema, timeZoneSchema } from "@/lib/settings/settings-schemas";

/** Body of POST /api/setup. */
export const setupSchema = z.strictObject({
  token: z.string().max(200),
  name: z.string().trim().min(1).max(100),
  email: z.email({ error: "must be an e-mail address" }).max(320),
  password: z.string().min(PASSWORD_MIN_LENGTH).max(PASSWORD_MAX_LENGTH),
  organisation_name: organisationNameSchema,
  time_zone: timeZoneSchema,
});
export type SetupInput = z.output<typeof setupSchema>;
export const setupAnswerSchema = z.object({ email: z.string() });
