import { apiRoute } from "@/lib/api-route";
import { rejectionParamsSchema, rejectionSchema } from "@/lib/rejections/rejection-schemas";
import { retryRejection } from "@/lib/rejections/retry-rejection";

export const POST = apiRoute(
  {
    permission: "rejections.retry",
    params: rejectionParamsSchema,
    response: rejectionSchema,
    status: 202,
  },
  ({ params, runtime, ...context }) =>
    retryRejection({ ...context, wakeRetries: () => runtime.retries.wake() }, params.id),
);
