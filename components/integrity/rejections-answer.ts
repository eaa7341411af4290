import { queryOptions } from "@tanstack/react-query";
import { requestJson } from "@/lib/api-client";
import type { RejectionAnswer, RejectionsAnswer } from "@/lib/rejections/rejection-schemas";

export type Fault = RejectionsAnswer["faults"][number];

const SAMPLES = 20;
const RETRYING_MS = 1_500;
const SETTLED_MS = 30_000;

/** Faults of all events that did not count, the latest first. */
export function faultsQuery(project: string) {
  const query = new URLSearchParams({ project, limit: "1" });
  return queryOptions({
    queryKey: ["faults", project],
    queryFn: ({ signal }) => requestJson<RejectionsAnswer>("/api/rejections", { query, signal }),
    refetchInterval: SETTLED_MS,
  });
}

/** The latest samples of a fault; asked again while one is being tried. */
export function samplesQuery({ project, kind, fingerprint }: Fault) {
  const query = new URLSearchParams({ project, kind, fingerprint, limit: String(SAMPLES) });
  return queryOptions({
    queryKey: ["samples", query.toString()],
    queryFn: ({ signal }) => requestJson<RejectionsAnswer>("/api/rejections", { query, signal }),
    refetchInterval: ({ state }) =>
      state.data?.rejections.some((one) => one.state === "retrying") ? RETRYING_MS : false,
  });
}

/** Has an event tried again. */
export function retryRejection({ id, project }: RejectionAnswer): Promise<RejectionAnswer> {
  const query = new URLSearchParams({ project });
  const path = `/api/rejections/${encodeURIComponent(id)}/retry`;
  return requestJson<RejectionAnswer>(path, { method: "POST", query });
}
