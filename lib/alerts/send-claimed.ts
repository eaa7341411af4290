import type { Postgres } from "@/db/postgres";
import {
  type FinishedDelivery,
  findClaimedChannelRow,
  releaseDeliveries,
} from "@/db/queries/claim-deliveries";
import type { DeliveryRow } from "@/db/queries/deliveries";
import { readTold, type Told, toNotice } from "@/lib/alerts/delivery-notice";
import { nextTryIn } from "@/lib/alerts/retry-schedule";
import { writeOutcome } from "@/lib/alerts/write-outcome";
import { DeliveryError } from "@/lib/channels/delivery-error";
import { type NoticeWay, sendNotice } from "@/lib/channels/send-notice";
import type { Log } from "@/lib/log";

/** Longer than what is begun in it takes: past it another process may take the delivery. */
export const CLAIM_MS = 60_000;
/** Of a claim's time nothing is begun later: a channel is given 20 s, and what came of it 30 s to be written down. */
const BEGIN_WITHIN_MS = 8_000;
const WRITE_WITHIN_MS = 30_000;

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

type Outcome = FinishedDelivery["outcome"];

/**
 * Sends claimed deliveries of one channel, one after the other, and writes down what came of each before the next: whoever
 * dies has one notice of a channel sent again at most. What is not begun in time, after a failure, or when `isStopping` says so, is
 * put back.
 * @returns whether the channel took the last one that was tried; null: none was
 */
export async function sendClaimed(
  context: SendContext,
  claimed: readonly DeliveryRow[],
  isStopping: () => boolean,
): Promise<boolean | null> {
  const { postgres } = context;
  const startedMs = performance.now();
  const told = await readTold(postgres.db, claimed);
  let begun = 0;
  let isTaken: boolean | null = null;
  try {
    for (const delivery of claimed) {
      const isLate = performance.now() - startedMs > BEGIN_WITHIN_MS;
      if (begun > 0 && (isLate || isStopping())) break;
      begun += 1;
      isTaken = (await sendOne(context, delivery, told)) ?? isTaken;
      // What hangs or refuses gives its place to another channel.
      if (isTaken === false) break;
    }
  } finally {
    const left = claimed.slice(begun);
    if (left.length > 0) await releaseDeliveries(postgres.db, left);
  }
  return isTaken;
}

/** @returns whether its channel took it; null: it was not tried */
async function sendOne(
  context: SendContext,
  delivery: DeliveryRow,
  told: Told,
): Promise<boolean | null> {
  const { now, postgres, log } = context;
  const write = (finished: FinishedDelivery): Promise<void> =>
    writeOutcome({ postgres, log, patienceMs: WRITE_WITHIN_MS }, finished);
  // Asked each time: a channel may be changed or removed while those before it were sent.
  const channel = await findClaimedChannelRow(postgres.db, delivery);
  if (!channel) return null;
  if (channel.archivedAt) {
    const outcome = { state: "cancelled", lastError: "its channel was removed" };
    await write({ delivery, outcome: { ...unchanged(delivery), ...outcome }, attempt: null });
    return null;
  }
  const at = new Date(now());
  const startedMs = performance.now();
  const tookMs = () => Math.round(performance.now() - startedMs);
  try {
    const notice = toNotice(told, delivery, context.publicUrl);
    const { status, text } = await sendNotice(context.way, channel, notice, at.getTime());
    const outcome = { state: "sent", sentAt: new Date(now()), receipt: text, lastError: null };
    const attempt = { at, tookMs: tookMs(), error: null, status };
    await write({ delivery, outcome: { ...unchanged(delivery), ...outcome }, attempt });
    return true;
  } catch (error) {
    if (!(error instanceof DeliveryError)) {
      // A fault of ours, such as facts that cannot be read: told as one, tried again as any failure.
      context.log.error({ err: error, delivery: delivery.id }, "a notice could not be made");
    }
    const failure =
      error instanceof DeliveryError ? error : new DeliveryError("Outlay could not send it.");
    const attempt = { at, tookMs: tookMs(), error: failure.message, status: failure.status };
    await write({ delivery, outcome: failedOutcome(context, delivery, failure), attempt });
    return false;
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
