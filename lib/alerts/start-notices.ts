import type { Postgres } from "@/db/postgres";
import { startSending } from "@/lib/alerts/send-deliveries";
import { startTelling } from "@/lib/alerts/tell-alerts";
import type { Env } from "@/lib/env";
import type { Log } from "@/lib/log";
import type { Secrets } from "@/lib/settings/load-secrets";

/** Both jobs between an alert and its receivers, running. */
export interface Notices {
  /** Alerts were recorded, or a delivery is to be sent. */
  wake(): void;
  close(): Promise<void>;
}

/** Starts to tell recorded alerts and to send what is to be told, until `close`. */
export function startNotices(options: {
  postgres: Postgres;
  env: Pick<Env, "mayReachPrivate" | "smtpUrl">;
  secrets: Pick<Secrets, "sealing">;
  /** Where people reach this installation: notices link there. */
  publicUrl: string;
  log: Log;
}): Notices {
  const { postgres, env, secrets, publicUrl, log } = options;
  const way = {
    sealingSecret: secrets.sealing,
    outgoing: { mayReachPrivate: env.mayReachPrivate },
    smtpUrl: env.smtpUrl,
  };
  const now = Date.now;
  const sending = startSending({ postgres, way, publicUrl, log, now });
  const telling = startTelling({ postgres, log, now, onTold: () => sending.wake() });
  return {
    wake() {
      telling.wake();
      sending.wake();
    },
    async close() {
      await telling.close();
      await sending.close();
    },
  };
}
