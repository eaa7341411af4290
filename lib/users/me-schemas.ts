import { z } from "zod";
import { PERMISSIONS, ROLES } from "@/lib/permissions";

/** Answer of GET /api/me. */
export const meSchema = z.object({
  /** Null for a key. */
  user: z.object({ id: z.uuid(), email: z.string(), name: z.string() }).nullable(),
  /** `project` null: every project. */
  memberships: z.array(z.object({ project: z.string().nullable(), role: z.enum(ROLES) })),
  /** What the caller may do in at least one of the projects that `project=` names. */
  permissions: z.array(z.enum(PERMISSIONS)),
  time_zone: z.string(),
  organisation_name: z.string(),
  /** Dimensions whose coverage the Overview shows; null: those in use. */
  coverage_tags: z.array(z.string()).nullable(),
});
export type MeAnswer = z.output<typeof meSchema>;
