import { apiRoute } from "@/lib/api-route";
import { exportCsv } from "@/lib/export/export-csv";
import { exportQuerySchema } from "@/lib/export/export-schemas";

// Each of the two has its own permission, which it is asked for there.
export const GET = apiRoute(
  { permission: null, query: exportQuerySchema },
  ({ query, ...context }) => exportCsv(context, query),
);
