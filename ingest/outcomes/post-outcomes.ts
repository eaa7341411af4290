import type { Db } from "@/db/postgres";
import { insertOutcomes, type SentOutcome } from "@/db/queries/outcomes";
import { authorize } from "@/ingest/authorize";
import { type IngestResult, idOf } from "@/ingest/events/accept-events";
import { readEvents, type SentEvent } from "@/ingest/events/read-events";
import { sendResult } from "@/ingest/events/send-result";
import type { Exchange } from "@/ingest/exchange";
import { askStore } from "@/ingest/guard/guard-request";
import type { ByteBudget } from "@/ingest/http-body/byte-budget";
import { readMediaType } from "@/ingest/http-body/media-type";
import { readBody } from "@/ingest/http-body/read-body";
import type { Turns } from "@/ingest/http-body/turns";
import type { ProjectLookup } from "@/ingest/project-lookup";
import { ERASED } from "@/lib/corrections/decide-revision";
import type { FieldError } from "@/lib/errors";
import type { KeyVerifier } from "@/lib/keys/verify-key";
import { checkOutcome } from "@/lib/outcomes/check-outcome";

export interface PostOutcomesDeps {
  db: Db;
  keys: KeyVerifier;
  findProject: ProjectLookup;
  budget: ByteBudget;
  turns: Turns;
}

/** A statement's worth: an embedded store does nothing else meanwhile, and each has the whole deadline. */
const BATCH = 1_000;
/** After so many the event loop gets a turn. */
const CHECKED_PER_TURN = 250;

const CONFLICT: FieldError = {
  path: "id",
  message: "is known with other content: the outcome that came first stays",
};

/**
 * `POST /v1/outcomes`: how tasks ended. 202 where at least one was accepted and is in PostgreSQL, 422 where none was. A
 * 503 says nothing of each: they are sent again, and those that were stored change nothing.
 */
export async function postOutcomes(exchange: Exchange, deps: PostOutcomesDeps): Promise<void> {
  const { request } = exchange;
  const { projectId } = await authorize(exchange, "ingest", deps);
  const format = readMediaType(request.headers["content-type"]);
  const taken = { bytes: 0 };
  try {
    const body = await readBody(request, deps.budget, taken);
    const { result, outcomes, indexes } = await deps.turns.run(taken.bytes, () =>
      checkAll(readEvents(body, format, "outcomes"), Date.now()),
    );
    const receivedAt = new Date();
    for (let start = 0; start < outcomes.length; start += BATCH) {
      const batch = outcomes.slice(start, start + BATCH);
      const named = { projectId, receivedAt, erased: ERASED };
      const conflicts = await askStore(insertOutcomes(deps.db, batch, named));
      result.accepted += batch.length - conflicts.length;
      for (const place of conflicts.sort((a, b) => a - b)) {
        const index = indexes[start + place] ?? start + place;
        result.conflicts.push({ index, id: batch[place]?.id ?? null, errors: [CONFLICT] });
      }
    }
    sendResult(exchange, result, "outcomes");
  } finally {
    deps.budget.give(taken.bytes);
  }
}

/** Those that are right, with where each stood in the request; the others are in the result already. */
async function checkAll(sent: readonly SentEvent[], nowMs: number) {
  const result: IngestResult = { accepted: 0, rejected: [], conflicts: [] };
  const outcomes: SentOutcome[] = [];
  const indexes: number[] = [];
  for (const [index, one] of sent.entries()) {
    if (index > 0 && index % CHECKED_PER_TURN === 0) await new Promise(setImmediate);
    const checked =
      "unreadable" in one
        ? [{ path: "", message: one.unreadable }]
        : checkOutcome(one.value, nowMs);
    if (Array.isArray(checked)) {
      result.rejected.push({ index, id: idOf(one), errors: checked });
    } else {
      outcomes.push(checked);
      indexes.push(index);
    }
  }
  return { result, outcomes, indexes };
}
