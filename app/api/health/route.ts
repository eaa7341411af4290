import { apiRoute } from "@/lib/api-route";
import { getHealth } from "@/lib/health/get-health";
import { healthSchema } from "@/lib/health/health-schemas";

export const GET = apiRoute(
  { permission: "settings.read", response: healthSchema },
  ({ runtime, requestId, projects }) =>
    getHealth({ runtime, requestId, projects, nowMs: Date.now() }),
);
