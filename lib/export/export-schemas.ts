import { z } from "zod";
import { type CallsQuery, callsQuerySchema } from "@/lib/calls/call-schemas";
import { toFieldErrors } from "@/lib/request-input";
import { type SessionsQuery, sessionsQuerySchema } from "@/lib/sessions/session-schemas";
import { type SpendQuery, spendParameters, spendQuerySchema } from "@/lib/spend/spend-schemas";

const common = {
  format: z.enum(["csv"]).meta({ description: "RFC 4180 with a line of names, in UTF-8." }),
  of: z.enum(["spend", "calls", "sessions"]).default("spend").meta({
    description:
      "`spend`: the question of GET /api/spend with every group. `calls`: every call of GET /api/calls, newest first. `sessions`: every session of GET /api/sessions, dearest first.",
  }),
  bom: z
    .enum(["true", "false"])
    .default("false")
    .transform((text) => text === "true")
    .meta({
      description:
        "Begins with a byte order mark, by which Excel knows UTF-8. The dashboard's button asks for it.",
    }),
};

/** Query of GET /api/export by name; `filter.<dimension>` comes on top, any number of them. */
export const exportParameters = spendParameters.omit({ limit: true }).extend(common);

/** What there is no page of in a whole file. */
const OF_PAGES = ["limit", "cursor", "sort"];

/** Query of GET /api/export, read: one of the questions. */
export type ExportQuery = { hasBom: boolean } & (
  | { of: "spend"; question: SpendQuery }
  | { of: "calls"; question: CallsQuery }
  | { of: "sessions"; question: SessionsQuery }
);

export const exportQuerySchema = z
  .object(common)
  .loose()
  .transform(({ format: _, of, bom: hasBom, ...values }, context): ExportQuery => {
    for (const name of OF_PAGES.filter((page) => page in values)) {
      const message = "is not a known parameter: an export has everything, in one order";
      context.addIssue({ code: "custom", path: [name], message });
    }
    // A page's parameter was named above: as an unknown one it would be named twice.
    const rest = Object.fromEntries(
      Object.entries(values).filter(([name]) => !OF_PAGES.includes(name)),
    );
    return readOneOf(of, rest, hasBom, context) ?? z.NEVER;
  });

function readOneOf(
  of: ExportQuery["of"],
  values: Record<string, unknown>,
  hasBom: boolean,
  context: z.RefinementCtx,
): ExportQuery | null {
  switch (of) {
    case "spend":
      return readQuestion(spendQuerySchema, values, context, (question) => ({
        of,
        hasBom,
        question,
      }));
    case "calls":
      return readQuestion(callsQuerySchema, values, context, (question) => ({
        of,
        hasBom,
        question,
      }));
    case "sessions":
      return readQuestion(sessionsQuerySchema, values, context, (question) => ({
        of,
        hasBom,
        question,
      }));
  }
}

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
