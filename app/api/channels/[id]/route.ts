import { apiRoute } from "@/lib/api-route";
import { archiveChannel } from "@/lib/channels/archive-channel";
import {
  channelParamsSchema,
  channelSchema,
  savedChannelSchema,
  updateChannelSchema,
} from "@/lib/channels/channel-schemas";
import { updateChannel } from "@/lib/channels/update-channel";

export const PATCH = apiRoute(
  {
    permission: "channels.write",
    params: channelParamsSchema,
    body: updateChannelSchema,
    response: savedChannelSchema,
  },
  ({ params, body, runtime, ...context }) =>
    updateChannel(
      { ...context, env: runtime.env, sealingSecret: runtime.secrets.sealing },
      params.id,
      body,
    ),
);

export const DELETE = apiRoute(
  { permission: "channels.write", params: channelParamsSchema, response: channelSchema },
  ({ params, runtime, ...context }) =>
    archiveChannel({ ...context, sealingSecret: runtime.secrets.sealing }, params.id),
);
