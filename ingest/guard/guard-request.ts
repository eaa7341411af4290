import { isStoreAway } from "@/db/is-store-away";
import type { Db } from "@/db/postgres";
import type { Exchange } from "@/ingest/exchange";
import type { PolicyDesk } from "@/ingest/guard/ask-policy";
import { bodyText } from "@/ingest/http-body/body-text";
import type { ByteBudget } from "@/ingest/http-body/byte-budget";
import { readMediaType } from "@/ingest/http-body/media-type";
import { readBody } from "@/ingest/http-body/read-body";
import type { ProjectLookup } from "@/ingest/project-lookup";
import type { PolicyHolder } from "@/lib/budgets/policy-holder";
import { type FieldError, OutlayError } from "@/lib/errors";
import type { HeartbeatDesk } from "@/lib/instances/heartbeat-desk";
import type { KeyVerifier } from "@/lib/keys/verify-key";
import type { ReservationDesk } from "@/lib/reservations/reservation-desk";
import { withinDeadline } from "@/lib/reservations/within-deadline";

/** What the guard's endpoints need. */
export interface GuardDeps {
  db: Db;
  keys: KeyVerifier;
  findProject: ProjectLookup;
  budget: ByteBudget;
  policies: PolicyHolder;
  policyDesk: PolicyDesk;
  desk: ReservationDesk;
  heartbeats: HeartbeatDesk;
}

/**
 * Reads a body of JSON; undefined where there is none.
 * @throws OutlayError 400 where it cannot be read, 413, 415, 503 as every endpoint
 */
export async function readJson({ request }: Exchange, budget: ByteBudget): Promise<unknown> {
  const taken = { bytes: 0 };
  try {
    const body = await readBody(request, budget, taken);
    if (body.length === 0) return undefined;
    readMediaType(request.headers["content-type"], ["json"]);
    return JSON.parse(bodyText(body));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const detail = `The body is not valid JSON: ${error.message.slice(0, 200)}`;
    throw new OutlayError("bad_request", detail);
  } finally {
    budget.give(taken.bytes);
  }
}

/** The problem of a body that says something else than it may. */
export function unprocessable(
  errors: FieldError[],
  detail = "The reservation cannot be read.",
): OutlayError {
  return new OutlayError("unprocessable", detail, { errors });
}

const DEADLINE_MS = 2_000;

/** Asks PostgreSQL, and never waits for it longer than a client would. @throws OutlayError `unavailable` */
export async function askStore<T>(work: Promise<T>): Promise<T> {
  try {
    return await withinDeadline(work, DEADLINE_MS);
  } catch (cause) {
    const isLate = cause instanceof Error && cause.name === "DeadlineError";
    if (!isLate && !isStoreAway(cause)) throw cause;
    throw new OutlayError("unavailable", "PostgreSQL is out of reach just now. Send it again.", {
      retryAfterSeconds: 1,
      cause,
    });
  }
}
