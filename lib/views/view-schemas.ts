import { z } from "zod";
import { VIEW_SCREEN_IDS } from "@/lib/views/screen-params";

const name = z.string().trim().min(1).max(100);
const query = z.string().max(4000).meta({
  description: "The screen's own query, as in its address. A relative range stays relative.",
});
const shared = z.boolean().meta({ description: "Everybody who sees its project finds it." });

/** Body of POST /api/views. */
export const createViewSchema = z.strictObject({
  name,
  screen: z.enum(VIEW_SCREEN_IDS),
  query,
  shared: shared.default(false),
});
export type CreateViewInput = z.output<typeof createViewSchema>;

/** Body of PATCH /api/views/{id}. */
export const updateViewSchema = z.strictObject({ name, query, shared }).partial();
export type UpdateViewInput = z.output<typeof updateViewSchema>;

export const viewParamsSchema = z.object({ id: z.uuid() });

/** A saved view as it is answered. */
export const viewSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  screen: z.enum(VIEW_SCREEN_IDS),
  /** Its project among it, as its screen's address takes it. */
  query: z.string(),
  project: z.string().nullable().meta({ description: "null: all that its reader may see." }),
  shared: z.boolean(),
  author: z.string().nullable().meta({ description: "null: a key made it." }),
  is_own: z.boolean(),
  can_change: z.boolean().meta({ description: "Whether the reader may rename or delete it." }),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type ViewAnswer = z.output<typeof viewSchema>;

export const viewListSchema = z.object({ views: z.array(viewSchema) });
