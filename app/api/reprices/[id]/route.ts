import { apiRoute } from "@/lib/api-route";
import { cancelCorrection } from "@/lib/corrections/cancel-correction";
import { correctionParamsSchema, correctionSchema } from "@/lib/corrections/correction-schemas";
import { findCorrection } from "@/lib/corrections/find-correction";

export const GET = apiRoute(
  { permission: "calls.reprice", params: correctionParamsSchema, response: correctionSchema },
  ({ params, ...context }) => findCorrection(context, "reprice", params.id),
);

export const DELETE = apiRoute(
  { permission: "calls.reprice", params: correctionParamsSchema, response: correctionSchema },
  ({ runtime, params, ...context }) =>
    cancelCorrection({ ...context, corrections: runtime.corrections }, params.id),
);
