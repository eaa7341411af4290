import { z } from "zod";
import { DIMENSION_NAMES, isDimension } from "@/db/clickhouse/dimensions";
import type { Filter } from "@/db/clickhouse/filters";
import { isTimeZone } from "@/lib/calendar/is-time-zone";
import { CALENDAR_INTERVALS } from "@/lib/calendar/list-bucket-starts";
import { instantParameter } from "@/lib/calls/instant-parameter";
import { rangeParameters } from "@/lib/calls/range-parameters";
import { readFilters } from "@/lib/calls/read-filters";
import { repeatable } from "@/lib/request-input";
import { FIGURE_NAMES, figuresSchema, isFigure } from "@/lib/spend/figures";

const MAX_GROUPS = 3;
const MAX_LIMIT = 1000;

/** A comma list without repetitions; empty text is an empty list. */
const commaList = z
  .string()
  .transform((text) => [...new Set(text.split(",").map((part) => part.trim()))].filter(Boolean));

/** Query of GET /api/spend by name; `filter.<dimension>` comes on top, any number of them. */
export const spendParameters = z.object({
  ...rangeParameters,
  tz: z
    .string()
    .refine(isTimeZone, { error: "must be an IANA time zone, such as Europe/Berlin" })
    .optional()
    .meta({ description: "IANA zone of the calendar. Default: the organisation's." }),
  interval: z
    .enum(["total", ...CALENDAR_INTERVALS])
    .default("total")
    .meta({ description: "Calendar step of a row. Weeks begin on Monday." }),
  group_by: commaList
    .optional()
    .meta({ description: `At most ${MAX_GROUPS} dimensions, comma-separated.` }),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(MAX_LIMIT).meta({
    description:
      "How many groups are kept, dearest first over the whole range; `rest` sums the others. Fewer are kept where each has many buckets.",
  }),
  as_of: instantParameter.optional().meta({
    description: "Only what had arrived by then, as it stood then: before later corrections.",
  }),
  figures: commaList.optional().meta({
    description: `Only these figures, which is faster: ${FIGURE_NAMES.join(", ")}. Default: all.`,
  }),
});

/** Query of GET /api/spend, read. Instants in microseconds since 1970. */
export interface SpendQuery {
  fromUs: number | null;
  toUs: number | null;
  timeZone: string | null;
  interval: z.output<typeof spendParameters>["interval"];
  groupBy: string[];
  limit: number;
  asOfUs: number | null;
  figures: string[];
  filters: Filter[];
}

export const spendQuerySchema = spendParameters
  .catchall(repeatable)
  .transform((values, context): SpendQuery => {
    const { from, to, tz, interval, group_by = [], limit, as_of, figures = [], ...others } = values;
    const unknownGroups = group_by.filter((name) => !isDimension(name));
    for (const name of unknownGroups)
      addFault("group_by", `${name} is no dimension; ${DIMENSIONS}`);
    if (group_by.length > MAX_GROUPS)
      addFault("group_by", `names more than ${MAX_GROUPS} dimensions`);
    for (const name of figures.filter((figure) => !isFigure(figure))) {
      addFault("figures", `${name} is no figure; there are ${FIGURE_NAMES.join(", ")}`);
    }
    return {
      fromUs: from ?? null,
      toUs: to ?? null,
      timeZone: tz ?? null,
      interval,
      groupBy: group_by,
      limit,
      asOfUs: as_of ?? null,
      figures: figures.length === 0 ? [...FIGURE_NAMES] : figures,
      filters: readFilters(others, context),
    };

    function addFault(name: string, message: string) {
      context.addIssue({ code: "custom", path: [name], message });
    }
  });

const DIMENSIONS = `there are ${DIMENSION_NAMES.join(", ")}, metadata.<key>`;

const count = z.number().int().nonnegative();

/** Answer of GET /api/spend. */
export const spendAnswerSchema = z.object({
  from: z.string(),
  to: z.string(),
  tz: z.string(),
  interval: z.enum(["total", ...CALENDAR_INTERVALS]),
  group_by: z.array(z.string()),
  as_of: z.string().nullable(),
  fresh_to: z.string().nullable().meta({
    description:
      "Every event accepted up to here, by any process that lives, is in the figures; null: none has told.",
  }),
  backlog_events: count
    .nullable()
    .meta({ description: "Events accepted and not in the figures yet; null: not known here." }),
  first_event_at: z.string().nullable().meta({
    description: "Oldest event of the projects, whatever the range and filters; null: none ever.",
  }),
  last_event_at: z.string().nullable(),
  total: figuresSchema,
  rows: z.array(
    figuresSchema
      .extend({ bucket: z.string() })
      .catchall(z.union([z.string(), z.number(), z.null()]).optional())
      .meta({ description: "One group and bucket; each dimension of `group_by` is a field." }),
  ),
  rest: figuresSchema
    .nullable()
    .meta({ description: "All groups that `limit` left out: total = rows + rest. null: none." }),
});
export type SpendAnswer = z.input<typeof spendAnswerSchema>;
