import type { ChannelAnswer } from "@/lib/channels/channel-schemas";

/** A channel as it is answered, for tests. */
export function makeChannel(change: Partial<ChannelAnswer> = {}): ChannelAnswer {
  return {
    id: "0b8f6d1e-0000-4000-8000-000000000001",
    name: "Incident bot",
    type: "webhook",
    project: null,
    audience: "engineering",
    match: {},
    config: { url: "https://example.com/…abcd", signed: true },
    problem: null,
    created_by: "Grace",
    created_at: "2026-11-22T12:00:00.000Z",
    updated_at: "2026-11-22T12:00:00.000Z",
    archived_at: null,
    can_change: true,
    ...change,
  };
}
