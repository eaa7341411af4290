import { queryOptions } from "@tanstack/react-query";
import { requestJson } from "@/lib/api-client";
import type { EngagedSwitchesAnswer } from "@/lib/kill-switches/kill-switch-schemas";

const LIVE_MS = 15_000;

/** What is stopped now, of all that the person may see (`GET /api/kill-switches/engaged`). */
export const engagedQuery = queryOptions({
  queryKey: ["kill-switches", "engaged"],
  queryFn: ({ signal }) =>
    requestJson<EngagedSwitchesAnswer>("/api/kill-switches/engaged", { signal }),
  refetchInterval: LIVE_MS,
  // A page's HTML brings the first answer along.
  staleTime: LIVE_MS,
});
