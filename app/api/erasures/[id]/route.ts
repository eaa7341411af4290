import { apiRoute } from "@/lib/api-route";
import { correctionParamsSchema, correctionSchema } from "@/lib/corrections/correction-schemas";
import { findCorrection } from "@/lib/corrections/find-correction";

export const GET = apiRoute(
  { permission: "calls.erase", params: correctionParamsSchema, response: correctionSchema },
  ({ params, ...context }) => findCorrection(context, "erase", params.id),
);
