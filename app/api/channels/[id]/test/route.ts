import { apiRoute } from "@/lib/api-route";
import { channelParamsSchema, channelTestSchema } from "@/lib/channels/channel-schemas";
import { testChannel } from "@/lib/channels/test-channel";

export const POST = apiRoute(
  { permission: "channels.write", params: channelParamsSchema, response: channelTestSchema },
  ({ params, runtime, ...context }) => {
    const { env, secrets, publicUrl } = runtime;
    const way = { outgoing: { mayReachPrivate: env.mayReachPrivate }, smtpUrl: env.smtpUrl };
    return testChannel({ ...context, sealingSecret: secrets.sealing, way, publicUrl }, params.id);
  },
);
