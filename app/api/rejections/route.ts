import { apiRoute } from "@/lib/api-route";
import { listRejections } from "@/lib/rejections/list-rejections";
import { rejectionsAnswerSchema, rejectionsQuerySchema } from "@/lib/rejections/rejection-schemas";

export const GET = apiRoute(
  { permission: "calls.read", query: rejectionsQuerySchema, response: rejectionsAnswerSchema },
  ({ runtime, db, projects, query }) =>
    listRejections({ db, projects, cursorSecret: runtime.secrets.nextauth }, query),
);
