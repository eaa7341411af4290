import { z } from "zod";
import { KEY_SCOPES } from "@/lib/permissions";

const name = z.string().trim().min(1).max(100);

/** Body of POST /api/keys. */
export const createKeySchema = z.strictObject({
  name,
  /** Slug of the project it belongs to; absent: the one the request is about, else `default`. */
  project: z.string().optional(),
  scopes: z.array(z.enum(KEY_SCOPES)).min(1).max(KEY_SCOPES.length),
  /** Acts on every project and on global objects. */
  installation: z.boolean().default(false),
});
export type CreateKeyInput = z.output<typeof createKeySchema>;

/** Body of PATCH /api/keys/{id}: what a key may do never changes; make another one. */
export const updateKeySchema = z.strictObject({ name });
export const keyParamsSchema = z.object({ id: z.uuid() });

/** A key as it is answered: never the key itself. */
export const keySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  project: z.string(),
  /** Its first characters, to tell it from others. */
  prefix: z.string(),
  scopes: z.array(z.enum(KEY_SCOPES)),
  installation: z.boolean(),
  created_by: z.string().nullable(),
  created_at: z.iso.datetime(),
  /** To the minute. */
  last_used_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
});
export type KeyAnswer = z.output<typeof keySchema>;

/** Answer of POST /api/keys: the only time `key` is shown. */
export const createdKeySchema = keySchema.extend({ key: z.string() });
export const keyListSchema = z.object({ keys: z.array(keySchema) });
