import { queryOptions } from "@tanstack/react-query";
import { requestJson } from "@/lib/api-client";
import type {
  ChannelAnswer,
  ChannelTestAnswer,
  ListedChannelAnswer,
  SavedChannelAnswer,
} from "@/lib/channels/channel-schemas";

/** What was delivered last moves while somebody looks. */
const LIVE_MS = 15_000;

/** Channels of a project by slug and those of every project, or with `*` all that the person may see (`GET /api/channels`). */
export function channelsQuery(project: string) {
  const query = new URLSearchParams({ project });
  return queryOptions({
    queryKey: ["channels", project],
    queryFn: ({ signal }) =>
      requestJson<{ channels: ListedChannelAnswer[] }>("/api/channels", { query, signal }),
    refetchInterval: LIVE_MS,
  });
}

/** Makes a channel (`POST /api/channels`). */
export function createChannel(body: object): Promise<SavedChannelAnswer> {
  return requestJson<SavedChannelAnswer>("/api/channels", { method: "POST", body });
}

/** Changes a channel (`PATCH /api/channels/{id}`). */
export function updateChannel(id: string, body: object): Promise<SavedChannelAnswer> {
  return requestJson<SavedChannelAnswer>(`/api/channels/${id}`, { method: "PATCH", body });
}

/** Removes a channel (`DELETE /api/channels/{id}`): nothing is sent to it any more; what was sent stays. */
export function archiveChannel(id: string): Promise<ChannelAnswer> {
  return requestJson<ChannelAnswer>(`/api/channels/${id}`, { method: "DELETE" });
}

/** Sends a test, once, and answers what came of it (`POST /api/channels/{id}/test`). */
export function testChannel(id: string): Promise<ChannelTestAnswer> {
  return requestJson<ChannelTestAnswer>(`/api/channels/${id}/test`, { method: "POST" });
}
