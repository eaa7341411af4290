import { queryOptions } from "@tanstack/react-query";
import { liveEvery } from "@/components/states/live-every";
import { requestJson } from "@/lib/api-client";
import type {
  BudgetAnswer,
  SuggestionsAnswer,
  WholeBudgetAnswer,
} from "@/lib/budgets/budget-answer-schemas";
import type { ChannelAnswer } from "@/lib/channels/channel-schemas";

/** What is spent moves all the time, and a cap is looked at when it is near. */
const LIVE_MS = 5_000;

/** Budgets of one project by slug, or with `*` of all that the person may see (`GET /api/budgets`). */
export function budgetsQuery(project: string, hasArchived = false) {
  const query = new URLSearchParams({ project });
  if (hasArchived) query.set("archived", "true");
  return queryOptions({
    queryKey: ["budgets", project, hasArchived],
    queryFn: ({ signal }) =>
      requestJson<{ budgets: BudgetAnswer[] }>("/api/budgets", { query, signal }),
    refetchInterval: liveEvery(LIVE_MS),
  });
}

/** One budget with its values, history and refusals (`GET /api/budgets/{id}`). */
export function budgetQuery(id: string) {
  return queryOptions({
    queryKey: ["budgets", "one", id],
    queryFn: ({ signal }) =>
      requestJson<WholeBudgetAnswer>(`/api/budgets/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: liveEvery(LIVE_MS),
  });
}

/** What tasks cost, and the limits that would suit them (`GET /api/budgets/suggestions`). */
export function suggestionsQuery(project: string) {
  const query = new URLSearchParams({ project });
  return queryOptions({
    queryKey: ["budget-suggestions", project],
    queryFn: ({ signal }) =>
      requestJson<SuggestionsAnswer>("/api/budgets/suggestions", { query, signal }),
    staleTime: 60_000,
  });
}

/** Makes a budget (`POST /api/budgets`). */
export function createBudget(body: object): Promise<BudgetAnswer> {
  return requestJson<BudgetAnswer>("/api/budgets", { method: "POST", body });
}

/** Changes a budget (`PATCH /api/budgets/{id}`); what was spent stays. */
export function updateBudget(id: string, body: object): Promise<BudgetAnswer> {
  return requestJson<BudgetAnswer>(`/api/budgets/${id}`, { method: "PATCH", body });
}

/** Opens what a stage closed (`POST /api/budgets/{id}/unlock`). */
export function unlockBudget(id: string, body: object): Promise<BudgetAnswer> {
  return requestJson<BudgetAnswer>(`/api/budgets/${id}/unlock`, { method: "POST", body });
}

/** Channels that a stage can name (`GET /api/channels`). @param project slug; `*` for all */
export function stageChannelsQuery(project: string) {
  const query = new URLSearchParams({ project });
  return queryOptions({
    queryKey: ["channels", project],
    queryFn: ({ signal }) =>
      requestJson<{ channels: ChannelAnswer[] }>("/api/channels", { query, signal }),
  });
}

/** Archives a budget (`DELETE /api/budgets/{id}`): it decides nothing any more, and its history stays. */
export function archiveBudget(id: string): Promise<BudgetAnswer> {
  return requestJson<BudgetAnswer>(`/api/budgets/${id}`, { method: "DELETE" });
}
