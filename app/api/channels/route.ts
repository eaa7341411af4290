import { apiRoute } from "@/lib/api-route";
import {
  channelListSchema,
  createChannelSchema,
  savedChannelSchema,
} from "@/lib/channels/channel-schemas";
import { createChannel } from "@/lib/channels/create-channel";
import { listChannels } from "@/lib/channels/list-channels";

export const GET = apiRoute(
  { permission: "channels.read", response: channelListSchema },
  ({ runtime, projects, ...context }) =>
    listChannels({ ...context, sealingSecret: runtime.secrets.sealing }, projects),
);

export const POST = apiRoute(
  {
    permission: "channels.write",
    body: createChannelSchema,
    response: savedChannelSchema,
    status: 201,
  },
  ({ body, projects, runtime, ...context }) => {
    // A project's own key, or `?project=`, means that project; a channel of everything says so with null.
    const [only] = projects.length === 1 ? projects : [];
    const project = body.project === undefined ? (only?.slug ?? null) : body.project;
    return createChannel(
      { ...context, env: runtime.env, sealingSecret: runtime.secrets.sealing },
      { ...body, project },
    );
  },
);
