import { z } from "zod";
import { type CallsQuery, callsQuerySchema } from "@/lib/calls/call-schemas";
import { toFieldErrors } from "@/lib/request-input";
import { type SpendQuery, spendParameters, spendQuerySchema } from "@/lib/spend/spend-schemas";

const common = {
  format: z.enum(["csv"]).meta({ description: "RFC 4180 with a line of names, in UTF-8." }),
  of: z.enum(["spend", "calls"]).default("spend").meta({
    description:
      "`spend`: the question of GET /api/spend with every group. `calls`: every call of GET /api/calls, newest first.",
  }),
};

/** Query of GET /api/export by name; `filter.<dimension>` comes on top, any number of them. */
export const exportParameters = spendParameters.omit({ limit: true }).extend(common);

/** What there is no page of in a whole file. */
const OF_PAGES = ["limit", "cursor", "sort"];

/** Query of GET /api/export, read: one of the two questions. */
export type ExportQuery =
  | { of: "spend"; question: SpendQuery }
  | { of: "calls"; question: CallsQuery };

export const exportQuerySchema = z
  .object(common)
  .loose()
  .transform(({ format: _, of, ...values }, context): ExportQuery => {
    for (const name of OF_PAGES.filter((page) => page in values)) {
      const message = "is not a known parameter: an export has everything, in one order";
      context.addIssue({ code: "custom", path: [name], message });
    }
    // A page's parameter was named above: as an unknown one it would be named twice.
    const rest = Object.fromEntries(
      Object.entries(values).filter(([name]) => !OF_PAGES.includes(name)),
    );
    const parsed =
      of === "spend"
        ? readQuestion(spendQuerySchema, rest, context, (question) => ({ of, question }))
        : readQuestion(callsQuerySchema, rest, context, (question) => ({ of, question }));
    return parsed ?? z.NEVER;
  });

/** Reads a question and hands its faults on as this query's own. */
function readQuestion<Question>(
  schema: z.ZodType<Question>,
  values: Record<string, unknown>,
  context: z.RefinementCtx,
  accept: (question: Question) => ExportQuery,
): ExportQuery | null {
  const parsed = schema.safeParse(values, { reportInput: true });
  if (parsed.success) return accept(parsed.data);
  for (const { path, message } of toFieldErrors(parsed.error, "is not a known parameter")) {
    context.addIssue({ code: "custom", path: [path], message });
  }
  return null;
}
