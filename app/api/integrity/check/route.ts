import { apiRoute } from "@/lib/api-route";
import { integrityRunSchema } from "@/lib/integrity/integrity-schemas";
import { requestCheck } from "@/lib/integrity/request-check";

export const POST = apiRoute(
  { permission: "integrity.check", response: integrityRunSchema, status: 202 },
  (context) => requestCheck(context),
);
