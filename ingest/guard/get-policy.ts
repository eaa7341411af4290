import { createHash } from "node:crypto";
import { isStoreAway } from "@/db/is-store-away";
import type { Db } from "@/db/postgres";
import { authorize } from "@/ingest/authorize";
import { type Exchange, sendText } from "@/ingest/exchange";
import type { ProjectLookup } from "@/ingest/project-lookup";
import type { PolicyHolder } from "@/lib/budgets/policy-holder";
import { OutlayError } from "@/lib/errors";
import type { KeyVerifier } from "@/lib/keys/verify-key";
import { answerPolicy, answerPolicyDegraded } from "@/lib/policy/answer-policy";
import type { AskedTags } from "@/lib/policy/match-policy";
import { POLICY_TAGS, type PolicyAnswer } from "@/lib/policy/policy-schemas";
import { withinDeadline } from "@/lib/reservations/within-deadline";

/** What GET /v1/policy needs. */
export interface PolicyDeps {
  db: Db;
  keys: KeyVerifier;
  findProject: ProjectLookup;
  policies: Pick<PolicyHolder, "read" | "last">;
}

const MAX_TAG_LENGTH = 256;
/** An agent that waits for a store that says nothing obeys no switch meanwhile. */
const DEADLINE_MS = 2_000;

/**
 * Answers what an agent needs to decide by itself, 304 where nothing of it changed. Two statements at the most: the
 * policy's version, and the counters that bind the asked calls.
 */
export async function getPolicy(exchange: Exchange, deps: PolicyDeps): Promise<void> {
  const { projectId } = await authorize(exchange, "guard", deps, POLICY_TAGS);
  const text = JSON.stringify(await ask(deps, projectId, readTags(exchange.query)));
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 27)}"`;
  // `no-cache`: kept, and asked for again each time.
  const headers = { etag, "cache-control": "private, no-cache" };
  if (isKnown(exchange.request.headers["if-none-match"], etag)) {
    exchange.response.writeHead(304, { "x-request-id": exchange.id, ...headers });
    exchange.response.end();
  } else {
    sendText(exchange, 200, text, undefined, headers);
  }
}

async function ask(
  { db, policies }: PolicyDeps,
  projectId: string,
  asked: AskedTags,
): Promise<PolicyAnswer> {
  const read = async () => answerPolicy(db, await policies.read(db), projectId, asked, Date.now());
  try {
    return await withinDeadline(read(), DEADLINE_MS);
  } catch (cause) {
    const isLate = cause instanceof Error && cause.name === "DeadlineError";
    if (!isLate && !isStoreAway(cause)) throw cause;
    const last = policies.last();
    // What was engaged stays engaged: an outage is no release.
    if (last) return answerPolicyDegraded(last, projectId, asked, Date.now());
    throw new OutlayError("unavailable", "The policy is out of reach just now.", {
      retryAfterSeconds: 5,
      cause,
    });
  }
}

/** @throws OutlayError 400 for a tag that is repeated or too long */
function readTags(query: string): AskedTags {
  const parameters = new URLSearchParams(query);
  const asked: Partial<Record<(typeof POLICY_TAGS)[number], string>> = {};
  for (const tag of POLICY_TAGS) {
    const [value, ...more] = parameters.getAll(tag);
    if (more.length > 0) throw badTag(tag, "is given more than once");
    if (value === undefined) continue;
    if (value.length > MAX_TAG_LENGTH)
      throw badTag(tag, `has more than ${MAX_TAG_LENGTH} characters`);
    asked[tag] = value;
  }
  return asked;
}

function badTag(path: string, message: string): OutlayError {
  const errors = [{ path, message }];
  return new OutlayError("bad_request", "The query has a fault.", { errors });
}

/** Whether the client has this very answer. A proxy that repacked it made its tag a weak one (`W/`). */
function isKnown(header: string | undefined, etag: string): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
