import { setTimeout as sleep } from "node:timers/promises";
import type { Postgres } from "@/db/postgres";
import { findChannelRow } from "@/db/queries/channels";
import {
  claimDeliveries,
  type DeliveryRow,
  finishAttempt,
  insertAttempt,
} from "@/db/queries/deliveries";
import { readNotice } from "@/lib/alerts/delivery-notice";
import { nextTryIn } from "@/lib/alerts/retry-schedule";
import { CLOSE_WITHOUT_POSTGRES_MS, startBackgroundJob } from "@/lib/background-job";
import { DeliveryError } from "@/lib/channels/delivery-error";
import { type NoticeWay, sendNotice } from "@/lib/channels/send-notice";
import type { Log } from "@/lib/log";

/** How soon a delivery that another process planned, or that is due again, is seen. */
const LOOK_EVERY_MS = 1_000;
/** At once, each to another channel. */
const MAX_SENDING = 8;
/** Longer than any channel is given; past it another process may take the delivery. */
const CLAIM_MS = 60_000;
/** How long a stop waits for what is being sent. */
const CLOSE_MS = 5_000;
const REWRITE_MS = 500;

export interface SendContext {
  postgres: Postgres;
  way: NoticeWay;
  publicUrl: string;
  log: Log;
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 to below 1; else Math.random. */
  random?: () => number;
}

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
  const begin = (delivery: DeliveryRow): void => {
    const done = sendDelivery(context, delivery)
      .catch((error: unknown) => log.error({ err: error }, "a delivery could not be handled"))
      .finally(() => {
        sending.delete(delivery.channelId);
        job.wake();
      });
    sending.set(delivery.channelId, done);
  };
  const job = startBackgroundJob({
    turn: async () => {
      const limit = MAX_SENDING - sending.size;
      if (limit === 0) return LOOK_EVERY_MS;
      const nowMs = now();
      const claim = { now: new Date(nowMs), until: new Date(nowMs + CLAIM_MS), limit };
      const busyChannelIds = [...sending.keys()];
      for (const one of await claimDeliveries(postgres.db, { ...claim, busyChannelIds }))
        begin(one);
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

type Outcome = Parameters<typeof finishAttempt>[2];

/** Sends one claimed delivery and writes down what came of it. */
async function sendDelivery(context: SendContext, delivery: DeliveryRow): Promise<void> {
  const { postgres, now } = context;
  const channel = await findChannelRow(postgres.db, delivery.channelId);
  if (!channel || channel.archivedAt) {
    const outcome = { state: "cancelled", lastError: "its channel was removed" };
    return write(context, delivery, { ...unchanged(delivery), ...outcome }, null);
  }
  const notice = await readNotice(postgres.db, delivery, context.publicUrl);
  const at = new Date(now());
  const startedMs = performance.now();
  const tookMs = () => Math.round(performance.now() - startedMs);
  try {
    const { status, text } = await sendNotice(context.way, channel, notice, at.getTime());
    const outcome = { state: "sent", sentAt: new Date(now()), receipt: text, lastError: null };
    const attempt = { at, tookMs: tookMs(), error: null, status };
    await write(context, delivery, { ...unchanged(delivery), ...outcome }, attempt);
  } catch (error) {
    if (!(error instanceof DeliveryError)) {
      // A fault of ours, such as facts that cannot be read: told as one, tried again as any failure.
      context.log.error({ err: error, delivery: delivery.id }, "a notice could not be made");
    }
    const failure =
      error instanceof DeliveryError ? error : new DeliveryError("Outlay could not send it.");
    const attempt = { at, tookMs: tookMs(), error: failure.message, status: failure.status };
    await write(context, delivery, failedOutcome(context, delivery, failure), attempt);
  }
}

function unchanged({ dueAt }: DeliveryRow): Omit<Outcome, "state"> {
  return { dueAt, lastError: null, sentAt: null, receipt: null };
}

function failedOutcome(
  { now, random = Math.random }: SendContext,
  delivery: DeliveryRow,
  { message, retryAfterMs }: DeliveryError,
): Outcome {
  const failed = { attempts: delivery.attempts, retryAfterMs };
  const waitMs = nextTryIn(failed, random());
  const outcome = { ...unchanged(delivery), lastError: message };
  return waitMs === null
    ? { ...outcome, state: "dead" }
    : { ...outcome, state: "pending", dueAt: new Date(now() + waitMs) };
}

/** A notice that was taken and is not written down is sent twice: while the claim lasts, it is tried again. */
async function write(
  { postgres, log }: SendContext,
  delivery: DeliveryRow,
  outcome: Outcome,
  attempt: Omit<Parameters<typeof insertAttempt>[1], "deliveryId"> | null,
): Promise<void> {
  const startedMs = performance.now();
  for (;;) {
    try {
      await postgres.db.transaction(async (tx) => {
        const isCounted = await finishAttempt(tx, delivery, outcome);
        if (isCounted && attempt) {
          await insertAttempt(tx, { deliveryId: delivery.id, ...attempt });
        }
      });
      return;
    } catch (error) {
      if (performance.now() - startedMs > CLAIM_MS / 2) throw error;
      log.warn({ err: error }, "what came of a notice cannot be written down just now");
      await sleep(REWRITE_MS);
    }
  }
}
