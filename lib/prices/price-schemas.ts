import { z } from "zod";
import { parseDecimal } from "@/lib/money";
import {
  OVERRIDE_PRICES,
  type OverridePriceField,
  PRICE_FRACTION_DIGITS,
} from "@/lib/prices/price-override";
import { SERVICE_TIERS } from "@/lib/prices/price-record";

const FIELDS = Object.keys(OVERRIDE_PRICES) as OverridePriceField[];

/** The same schema under the name of each price. */
function forEachPrice<S extends z.ZodType>(schema: S): Record<OverridePriceField, S> {
  return Object.fromEntries(FIELDS.map((field) => [field, schema])) as Record<
    OverridePriceField,
    S
  >;
}

const price = z.string().refine(
  (text) => {
    const value = parseDecimal(text, PRICE_FRACTION_DIGITS);
    return value !== null && value >= 0n;
  },
  { error: 'must be a plain decimal of US dollars with at most 9 decimals, as text: "2.50"' },
);
const time = z.iso.datetime({ offset: true, error: "must be an RFC 3339 time" });
const name = (maximum: number) => z.string().trim().min(1).max(maximum);
const note = name(2000);

/** Body of POST /api/prices. */
export const createPriceSchema = z.strictObject({
  /** Slug; absent or null: every project. */
  project: z.string().nullable().default(null),
  provider: name(128),
  /** As calls name it; a trailing `*` makes it a prefix. */
  model: name(256),
  maps_to: name(256).nullable().default(null),
  tier: z.enum(SERVICE_TIERS).nullable().default(null),
  region: name(64).nullable().default(null),
  context_over: z.int().min(1).nullable().default(null),
  effective_from: time.optional(),
  effective_to: time.nullable().default(null),
  ...forEachPrice(price.nullable().default(null)),
  note,
});
export type CreatePriceInput = z.output<typeof createPriceSchema>;

/** A price to try in a dry run; nobody has to say yet what it is for. */
export const proposedPriceSchema = createPriceSchema.extend({ note: note.default("proposed") });

/** Body of PATCH /api/prices/{id}: a price itself never changes, it is closed and another one added. */
export const updatePriceSchema = z
  .strictObject({ note: note.optional(), effective_to: time.optional() })
  .refine((change) => change.note !== undefined || change.effective_to !== undefined, {
    error: "give a note or effective_to",
  });
export type UpdatePriceInput = z.output<typeof updatePriceSchema>;

export const priceParamsSchema = z.object({ id: z.uuid() });

/** An operator's price, as it is answered. */
export const priceOverrideSchema = z.object({
  id: z.uuid(),
  project: z.string().nullable(),
  provider: z.string(),
  model: z.string(),
  maps_to: z.string().nullable(),
  tier: z.enum(SERVICE_TIERS).nullable(),
  region: z.string().nullable(),
  context_over: z.int().nullable(),
  effective_from: z.iso.datetime(),
  effective_to: z.iso.datetime().nullable(),
  ...forEachPrice(z.string().nullable()),
  note: z.string(),
  created_by: z.string().nullable(),
  created_at: z.iso.datetime(),
});
export type PriceOverrideAnswer = z.output<typeof priceOverrideSchema>;

/** Answer of POST /api/prices: the new override, as every other POST answers what it made, and the open one it closed. */
export const createdPriceSchema = priceOverrideSchema.extend({
  closed: priceOverrideSchema.nullable(),
});

/** One list price. */
export const catalogueRowSchema = z.object({
  provider: z.string(),
  model: z.string(),
  name: z.string(),
  tier: z.string(),
  region: z.string().nullable(),
  context_over: z.number().nullable(),
  context_inclusive: z.boolean(),
  hours_utc: z.object({ from: z.number(), to: z.number() }).nullable(),
  effective_from: z.iso.datetime().nullable(),
  effective_to: z.iso.datetime().nullable(),
  prices: z.record(z.string(), z.string()),
  multiplier: z.string().nullable(),
  source: z.string(),
  layer: z.string(),
  checked_on: z.string(),
});

/** Query of GET /api/prices. `provider` and `model` are exact, `q` is a part of either. */
export const listPricesQuerySchema = z.strictObject({
  provider: z.string().optional(),
  model: z.string().optional(),
  q: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().optional(),
});
export type ListPricesQuery = z.output<typeof listPricesQuerySchema>;

/** Answer of GET /api/prices: all matching overrides on the first page, the catalogue page by page. */
export const priceListSchema = z.object({
  overrides: z.array(priceOverrideSchema),
  catalogue: z.array(catalogueRowSchema),
  catalogue_count: z.int(),
  next_cursor: z.string().nullable(),
});
