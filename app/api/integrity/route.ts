import { apiRoute } from "@/lib/api-route";
import { getIntegrity } from "@/lib/integrity/get-integrity";
import { integrityAnswerSchema, integrityQuerySchema } from "@/lib/integrity/integrity-schemas";

export const GET = apiRoute(
  { permission: "integrity.read", query: integrityQuerySchema, response: integrityAnswerSchema },
  ({ runtime, db, projects, query }) =>
    getIntegrity({ clickhouse: runtime.clickhouse, db, projects, nowMs: Date.now() }, query),
);
