import { apiRoute } from "@/lib/api-route";
import {
  correctionSchema,
  repriceListSchema,
  repriceSchema,
} from "@/lib/corrections/correction-schemas";
import { listReprices } from "@/lib/corrections/list-reprices";
import { requestReprice } from "@/lib/corrections/request-reprice";

export const GET = apiRoute(
  { permission: "calls.reprice", response: repriceListSchema },
  ({ projects, ...context }) => listReprices(context, projects),
);

export const POST = apiRoute(
  { permission: "calls.reprice", body: repriceSchema, response: correctionSchema, status: 202 },
  ({ runtime, body, ...context }) =>
    requestReprice({ ...context, corrections: runtime.corrections }, body),
);
