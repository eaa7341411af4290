import { z } from "zod";
import { ALERT_KINDS, type Audience } from "@/lib/alerts/alert";

export const CHANNEL_TYPES = ["webhook", "slack", "email", "pagerduty"] as const;
export type ChannelType = (typeof CHANNEL_TYPES)[number];

export const PAGERDUTY_URL = "https://events.pagerduty.com/v2/enqueue";

const names = z.array(z.string().min(1).max(256)).min(1).max(100);

/** Only notices of one of each are sent; what is left out excludes nothing. */
export const channelMatchSchema = z.strictObject({
  project: names.optional().meta({ description: "Slugs." }),
  kind: z.array(z.enum(ALERT_KINDS)).min(1).optional(),
  agent: names.optional(),
  feature: names.optional(),
});
export type ChannelMatch = z.output<typeof channelMatchSchema>;

/** What is sealed: where a channel leads, and what it is signed or allowed with. All of it is secret. */
export const channelConfigSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("webhook"), url: z.string(), secret: z.string() }),
  z.object({ type: z.literal("slack"), url: z.string() }),
  z.object({ type: z.literal("email"), to: z.array(z.string()) }),
  z.object({ type: z.literal("pagerduty"), routing_key: z.string(), url: z.string() }),
]);
export type ChannelConfig = z.output<typeof channelConfigSchema>;

/** A channel as the teller and the sender read it. */
export interface Channel {
  id: string;
  /** null: of every project. */
  projectId: string | null;
  name: string;
  type: ChannelType;
  audience: Audience;
  match: ChannelMatch;
}
