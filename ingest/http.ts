import type { IncomingMessage, ServerResponse } from "node:http";
import type { AcceptDeps } from "@/ingest/events/accept-events";
import { postEvents } from "@/ingest/events/post-events";
import { type Exchange, openExchange, sendText } from "@/ingest/exchange";
import { checkReadiness, type HealthDeps } from "@/ingest/health";
import { ByteBudget } from "@/ingest/http-body/byte-budget";
import { Turns } from "@/ingest/http-body/turns";
import type { ProjectLookup } from "@/ingest/project-lookup";
import { sendProblem } from "@/ingest/send-problem";
import { OutlayError } from "@/lib/errors";
import type { KeyVerifier } from "@/lib/keys/verify-key";
import type { Log } from "@/lib/log";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";

export interface IngestDeps extends HealthDeps {
  log: Log;
  keys: KeyVerifier;
  findProject: ProjectLookup;
  prices: PriceBookHolder;
  rejections: AcceptDeps["rejections"];
}

/** Bytes of unpacked bodies held at once, in all requests together. */
const MAX_BODIES_BYTES = 128 * 1024 * 1024;
const LARGE_BODY_BYTES = 2 * 1024 * 1024;

type Answer = (exchange: Exchange) => Promise<void> | void;

/**
 * Makes the handler of `/v1/*`, `/healthz` and `/readyz`. Plain `node:http`: there are three paths, bodies are read
 * here because the contract's limits count unpacked bytes, and a framework's hooks cost a request of one event as
 * much as the event.
 */
export function createIngestHandler(
  deps: IngestDeps,
): (request: IncomingMessage, response: ServerResponse) => void {
  const routes = routesOf(deps);
  return (request, response) => {
    const exchange = openExchange(request, response, deps.log);
    answer(exchange, routes).catch((error: unknown) => sendProblem(exchange, error));
  };
}

async function answer(exchange: Exchange, routes: Routes): Promise<void> {
  const methods = routes.get(exchange.path);
  if (!methods) throw new OutlayError("not_found", "There is nothing here.");
  const route = methods[exchange.request.method ?? ""];
  if (route) return route(exchange);
  const allowed = Object.keys(methods).join(", ");
  exchange.response.setHeader("allow", allowed);
  throw new OutlayError("method_not_allowed", `Allowed here: ${allowed}.`);
}

/** Answers by path and method. */
type Routes = Map<string, Partial<Record<string, Answer>>>;

function routesOf(deps: IngestDeps): Routes {
  const budget = new ByteBudget(MAX_BODIES_BYTES);
  const turns = new Turns(LARGE_BODY_BYTES);
  const events = { ...deps, budget, turns };
  const post: Answer = (exchange) => postEvents(exchange, events);
  const live: Answer = (exchange) => sendText(exchange, 200, '{"status":"ok"}');
  const ready: Answer = async (exchange) => {
    const { isReady, reason, body } = await checkReadiness(deps);
    if (isReady) sendText(exchange, 200, JSON.stringify(body));
    else sendProblem(exchange, new OutlayError("unavailable", reason ?? ""), { ...body });
  };
  return new Map<string, Partial<Record<string, Answer>>>([
    ["/v1/events", { POST: post }],
    ["/healthz", { GET: live, HEAD: live }],
    ["/readyz", { GET: ready, HEAD: ready }],
  ]);
}
