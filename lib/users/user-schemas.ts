import { z } from "zod";
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from "@/lib/auth/password-length";
import { ROLES } from "@/lib/permissions";

const name = z.string().trim().min(1).max(100);
const MAX_MEMBERSHIPS = 1000;

const membershipSchema = z.strictObject({
  project: z
    .string()
    .nullable()
    .meta({ description: "A slug; null: every project, now and later." }),
  role: z.enum(ROLES),
});

/** One role a project: two of them would leave it open which one is meant. */
const memberships = z
  .array(membershipSchema)
  .min(1)
  .max(MAX_MEMBERSHIPS)
  .refine((list) => new Set(list.map(({ project }) => project)).size === list.length, {
    error: "must name each project once",
  });

/** Body of POST /api/users. */
export const createUserSchema = z.strictObject({
  email: z.email({ error: "must be an e-mail address" }).max(320),
  name,
  memberships,
});
export type CreateUserInput = z.output<typeof createUserSchema>;

/** Body of PATCH /api/users/{id}. */
export const updateUserSchema = z.strictObject({
  name: name.optional(),
  memberships: memberships.optional().meta({ description: "All of them: what is not named ends." }),
  disabled: z.boolean().optional().meta({
    description: "true: signed out everywhere and unable to sign in; keys they made go on working.",
  }),
});
export type UpdateUserInput = z.output<typeof updateUserSchema>;
export const userParamsSchema = z.object({ id: z.uuid() });

export const userSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  state: z
    .enum(["active", "invited", "disabled"])
    .meta({ description: "invited: no password was chosen yet." }),
  memberships: z.array(z.object({ project: z.string().nullable(), role: z.enum(ROLES) })),
  created_at: z.iso.datetime(),
  last_sign_in_at: z.iso.datetime().nullable(),
});
export type UserAnswer = z.output<typeof userSchema>;
export const userListSchema = z.object({ users: z.array(userSchema) });

/** A one-time link with which a person chooses a password: shown this once. */
export const setupLinkSchema = z.object({
  setup_url: z.string(),
  expires_at: z.iso.datetime(),
});
export type SetupLinkAnswer = z.output<typeof setupLinkSchema>;
export const createdUserSchema = userSchema.extend(setupLinkSchema.shape);
export type CreatedUser = z.output<typeof createdUserSchema>;

/** Body of POST /api/join. */
export const joinSchema = z.strictObject({
  token: z.string().max(200),
  password: z.string().min(PASSWORD_MIN_LENGTH).max(PASSWORD_MAX_LENGTH),
});
export const joinAnswerSchema = z.object({ email: z.string() });
