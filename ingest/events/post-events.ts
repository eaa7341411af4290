import { authorize } from "@/ingest/authorize";
import { type AcceptDeps, acceptEvents } from "@/ingest/events/accept-events";
import { rowPrefixOf } from "@/ingest/events/derive-row";
import { readEvents } from "@/ingest/events/read-events";
import { sendResult } from "@/ingest/events/send-result";
import type { Exchange } from "@/ingest/exchange";
import type { ByteBudget } from "@/ingest/http-body/byte-budget";
import { readMediaType } from "@/ingest/http-body/media-type";
import { readBody } from "@/ingest/http-body/read-body";
import type { Turns } from "@/ingest/http-body/turns";
import type { ProjectLookup } from "@/ingest/project-lookup";
import type { KeyVerifier } from "@/lib/keys/verify-key";

export interface PostEventsDeps extends AcceptDeps {
  keys: KeyVerifier;
  findProject: ProjectLookup;
  budget: ByteBudget;
  turns: Turns;
}

/**
 * `POST /v1/events`: 202 where at least one event was accepted and is on disk, 422 where none was. Both say for
 * each other event where it stood and what is wrong with it.
 */
export async function postEvents(exchange: Exchange, deps: PostEventsDeps): Promise<void> {
  const { request } = exchange;
  const sender = await authorize(exchange, "ingest", deps);
  const format = readMediaType(request.headers["content-type"]);
  const taken = { bytes: 0 };
  try {
    const body = await readBody(request, deps.budget, taken);
    const result = await deps.turns.run(taken.bytes, () => {
      const events = readEvents(body, format);
      return acceptEvents(
        events,
        { ...sender, nowMs: Date.now(), rowPrefix: rowPrefixOf(sender) },
        deps,
      );
    });
    sendResult(exchange, result, "events");
  } finally {
    deps.budget.give(taken.bytes);
  }
}
