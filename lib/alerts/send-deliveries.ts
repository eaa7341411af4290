import { setTimeout as sleep } from "node:timers/promises";
import { claimDeliveries } from "@/db/queries/claim-deliveries";
import type { DeliveryRow } from "@/db/queries/deliveries";
import { CLAIM_MS, type SendContext, sendClaimed } from "@/lib/alerts/send-claimed";
import { CLOSE_WITHOUT_POSTGRES_MS, startBackgroundJob } from "@/lib/background-job";

/** How soon a delivery that another process planned, or that is due again, is seen. */
const LOOK_EVERY_MS = 1_000;
/** At once, each to another channel. */
const MAX_SENDING = 8;
/** Taken at once of a channel, and sent one by one: what one look costs is shared by them. */
const PER_CHANNEL = 50;
/** How long a stop waits for what is being sent. */
const CLOSE_MS = 5_000;

/** The job that sends, running. */
export interface Sending {
  /** Deliveries were planned. */
  wake(): void;
  /** Begins no further one and waits for those that are being sent. */
  close(): Promise<void>;
}

/** Starts to send what is due, until `close`. Any number of processes may do so. */
export function startSending(context: SendContext): Sending {
  const { postgres, log, now } = context;
  /** What is being sent, by its channel. */
  const sending = new Map<string, Promise<void>>();
  const begin = (channelId: string, claimed: readonly DeliveryRow[]): void => {
    const done = sendClaimed(context, claimed, () => job.isStopping())
      .catch((error: unknown) => log.error({ err: error }, "deliveries could not be handled"))
      .finally(() => {
        sending.delete(channelId);
        job.wake();
      });
    sending.set(channelId, done);
  };
  const job = startBackgroundJob({
    turn: async () => {
      const channels = MAX_SENDING - sending.size;
      if (channels === 0) return LOOK_EVERY_MS;
      const nowMs = now();
      const claimed = await claimDeliveries(postgres.db, {
        now: new Date(nowMs),
        until: new Date(nowMs + CLAIM_MS),
        channels,
        perChannel: PER_CHANNEL,
        busyChannelIds: [...sending.keys()],
      });
      for (const channelId of new Set(claimed.map((one) => one.channelId))) {
        begin(
          channelId,
          claimed.filter((one) => one.channelId === channelId),
        );
      }
      return LOOK_EVERY_MS;
    },
    failed: (error, retryMs) =>
      log.warn({ err: error, retryMs }, "notices cannot be sent just now"),
    closeMs: CLOSE_WITHOUT_POSTGRES_MS,
  });
  return {
    wake: () => job.wake(),
    async close() {
      await job.close();
      const ended = new AbortController();
      const late = sleep(CLOSE_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      await Promise.race([Promise.all(sending.values()), late]);
      ended.abort();
    },
  };
}
