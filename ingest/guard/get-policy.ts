import { createHash } from "node:crypto";
import { authorize } from "@/ingest/authorize";
import { type Exchange, sendText } from "@/ingest/exchange";
import type { PolicyDesk } from "@/ingest/guard/ask-policy";
import { readAskedTags } from "@/ingest/guard/read-asked-tags";
import type { ProjectLookup } from "@/ingest/project-lookup";
import type { KeyVerifier } from "@/lib/keys/verify-key";
import { POLICY_TAGS } from "@/lib/policy/policy-schemas";

/** What GET /v1/policy needs. */
export interface PolicyDeps {
  keys: KeyVerifier;
  findProject: ProjectLookup;
  policyDesk: PolicyDesk;
}

/**
 * Answers what an agent needs to decide by itself, 304 where nothing of it changed. Two statements at the most: the
 * policy's version, and the counters that bind the asked calls.
 */
export async function getPolicy(exchange: Exchange, deps: PolicyDeps): Promise<void> {
  const { projectId } = await authorize(exchange, "guard", deps, POLICY_TAGS);
  const text = JSON.stringify(await deps.policyDesk.ask(projectId, readAskedTags(exchange.query)));
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

/** Whether the client has this very answer. A proxy that repacked it made its tag a weak one (`W/`). */
function isKnown(header: string | undefined, etag: string): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
