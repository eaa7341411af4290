import { apiRoute } from "@/lib/api-route";
import { correctionSchema, erasureSchema } from "@/lib/corrections/correction-schemas";
import { requestErasure } from "@/lib/corrections/request-erasure";

export const POST = apiRoute(
  { permission: "calls.erase", body: erasureSchema, response: correctionSchema, status: 202 },
  ({ runtime, body, ...context }) =>
    requestErasure({ ...context, corrections: runtime.corrections }, body),
);
