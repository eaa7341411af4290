import { apiRoute } from "@/lib/api-route";
import { callParamsSchema, callQuerySchema, wholeCallSchema } from "@/lib/calls/call-schemas";
import { callCorrectionSchema } from "@/lib/corrections/correction-schemas";
import { voidCall } from "@/lib/corrections/void-call";

export const POST = apiRoute(
  {
    permission: "calls.void",
    params: callParamsSchema,
    query: callQuerySchema,
    body: callCorrectionSchema,
    response: wholeCallSchema,
  },
  ({ runtime, params, query, body, ...context }) =>
    voidCall(
      { ...context, ...runtime },
      { id: params.id, timestampUs: query.timestamp ?? null, reason: body.reason },
    ),
);
