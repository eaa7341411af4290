import { setTimeout as sleep } from "node:timers/promises";
import { claimDeliveries } from "@/db/queries/claim-deliveries";
import type { DeliveryRow } from "@/db/queries/deliveries";
import { CLAIM_MS, type SendContext, sendClaimed } from "@/lib/alerts/send-claimed";
import { CLOSE_WITHOUT_POSTGRES_MS, startBackgroundJob } from "@/lib/background-job";

/** How soon a delivery that another process planned, or that is due again, is seen. */
const LOOK_EVERY_MS = 1_000;
/** At once, each to another channel. */
const MAX_SENDING = 8;
/** Of these, to channels that took nothing last time: whoever is well finds a place, though many others hang. */
const MAX_SENDING_TO_FAILING = 4;
/** Taken at once of a channel, and sent one by one: what one look costs is shared by them. */
const PER_CHANNEL = 50;
/** Of one that fails: with what it takes again it gets the others. */
const PER_FAILING_CHANNEL = 1;
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
  const { log } = context;
  /** What is being sent, by its channel. */
  const sending = new Map<string, Promise<void>>();
  /** Channels that did not take what they were sent last. */
  const failing = new Set<string>();
  const begin = (channelId: string, claimed: readonly DeliveryRow[]): void => {
    const done = sendClaimed(context, claimed, () => job.isStopping())
      .then((isTaken) => {
        if (isTaken) failing.delete(channelId);
        else if (isTaken === false) failing.add(channelId);
      })
      .catch((error: unknown) => log.error({ err: error }, "deliveries could not be handled"))
      .finally(() => {
        sending.delete(channelId);
        job.wake();
      });
    sending.set(channelId, done);
  };
  /** Begins what is due in the places that are free, of channels that are not left out. */
  const fill = async (
    places: number,
    perChannel: number,
    leftOut: Iterable<string>,
  ): Promise<void> => {
    if (places <= 0) return;
    const busyChannelIds = [...sending.keys(), ...leftOut];
    const claimed = await claim(context, { channels: places, perChannel, busyChannelIds });
    for (const [channelId, own] of byChannel(claimed)) begin(channelId, own);
  };
  const job = startBackgroundJob({
    turn: async () => {
      await fill(MAX_SENDING - sending.size, PER_CHANNEL, failing);
      const toFailing = [...failing].filter((channelId) => sending.has(channelId)).length;
      if (failing.size > toFailing) {
        const places = Math.min(MAX_SENDING - sending.size, MAX_SENDING_TO_FAILING - toFailing);
        await fill(places, PER_FAILING_CHANNEL, []);
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

function claim(
  { postgres, now }: SendContext,
  asked: { channels: number; perChannel: number; busyChannelIds: readonly string[] },
): Promise<DeliveryRow[]> {
  const nowMs = now();
  const times = { now: new Date(nowMs), until: new Date(nowMs + CLAIM_MS) };
  return claimDeliveries(postgres.db, { ...times, ...asked });
}

/** In the order in which they wait. */
function byChannel(claimed: readonly DeliveryRow[]): Map<string, DeliveryRow[]> {
  const found = new Map<string, DeliveryRow[]>();
  for (const one of claimed) {
    const own = found.get(one.channelId) ?? [];
    own.push(one);
    found.set(one.channelId, own);
  }
  return found;
}
