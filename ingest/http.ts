import type { IncomingMessage, ServerResponse } from "node:http";
import type { AcceptDeps } from "@/ingest/events/accept-events";
import { postEvents } from "@/ingest/events/post-events";
import { type Exchange, openExchange, sendText } from "@/ingest/exchange";
import { createRouter, type Methods, type Route } from "@/ingest/find-route";
import { getPolicy } from "@/ingest/guard/get-policy";
import { getPrices } from "@/ingest/guard/get-prices";
import type { GuardDeps } from "@/ingest/guard/guard-request";
import type { PolicyStreams } from "@/ingest/guard/policy-streams";
import { postHeartbeat } from "@/ingest/guard/post-heartbeat";
import { postReservation } from "@/ingest/guard/post-reservation";
import { releaseReservation } from "@/ingest/guard/release-reservation";
import { renewReservation } from "@/ingest/guard/renew-reservation";
import { checkReadiness, type HealthDeps } from "@/ingest/health";
import { ByteBudget } from "@/ingest/http-body/byte-budget";
import { Turns } from "@/ingest/http-body/turns";
import type { AcceptSpans } from "@/ingest/otlp/accept-otlp";
import { postOtlp } from "@/ingest/otlp/post-otlp";
import { postOutcomes } from "@/ingest/outcomes/post-outcomes";
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
  traced: NonNullable<AcceptDeps["traced"]>;
  acceptSpans: AcceptSpans;
  guard: Pick<GuardDeps, "db" | "desk" | "heartbeats" | "policies" | "policyDesk">;
  streams: Pick<PolicyStreams, "open">;
}

/** Bytes of unpacked bodies held at once, in all requests together: three of the largest, which are parsed one by one. */
const MAX_BODIES_BYTES = 64 * 1024 * 1024;
const LARGE_BODY_BYTES = 2 * 1024 * 1024;
/** Where OTLP is taken: as the contract has it, and below the paths that LangWatch's, Langfuse's and Braintrust's clients append. */
const OTLP_PREFIXES = ["/v1", "/api/otel/v1", "/api/public/otel/v1", "/otel/v1"];

/**
 * Makes the handler of `/v1/*`, `/healthz` and `/readyz`. Plain `node:http`: there are few paths, bodies are read
 * here because the contract's limits count unpacked bytes, and a framework's hooks cost a request of one event as
 * much as the event.
 */
export function createIngestHandler(
  deps: IngestDeps,
): (request: IncomingMessage, response: ServerResponse) => void {
  const find = routesOf(deps);
  return (request, response) => {
    const exchange = openExchange(request, response, deps.log);
    answer(exchange, find).catch((error: unknown) => sendProblem(exchange, error));
  };
}

async function answer(exchange: Exchange, find: ReturnType<typeof createRouter>): Promise<void> {
  const found = find(exchange.path);
  if (!found) throw new OutlayError("not_found", "There is nothing here.");
  const route = found.methods[exchange.request.method ?? ""];
  if (route) return route(exchange, found.id);
  const allowed = Object.keys(found.methods).join(", ");
  exchange.response.setHeader("allow", allowed);
  throw new OutlayError("method_not_allowed", `Allowed here: ${allowed}.`);
}

function routesOf(deps: IngestDeps): ReturnType<typeof createRouter> {
  const budget = new ByteBudget(MAX_BODIES_BYTES);
  const turns = new Turns(LARGE_BODY_BYTES);
  const events = { ...deps, budget, turns };
  const guard = { ...deps, ...deps.guard, budget };
  const post: Route = (exchange) => postEvents(exchange, events);
  const tell: Route = (exchange) => postOutcomes(exchange, { ...events, db: deps.guard.db });
  const otlp: Record<string, Methods> = {};
  for (const signal of ["traces", "logs", "metrics"] as const) {
    const send: Route = (exchange) => postOtlp(exchange, signal, events);
    for (const prefix of OTLP_PREFIXES) otlp[`${prefix}/${signal}`] = { POST: send };
  }
  const policy: Route = (exchange) => getPolicy(exchange, guard);
  const follow: Route = (exchange) => deps.streams.open(exchange);
  const prices: Route = (exchange) => getPrices(exchange, deps);
  const beat: Route = (exchange) => postHeartbeat(exchange, guard);
  const reserve: Route = (exchange) => postReservation(exchange, guard);
  const renew: Route = (exchange, id) => renewReservation(exchange, id, guard);
  const release: Route = (exchange, id) => releaseReservation(exchange, id, guard);
  const live: Route = (exchange) => sendText(exchange, 200, '{"status":"ok"}');
  const ready: Route = async (exchange) => {
    const { isReady, reason, body } = await checkReadiness(deps);
    if (isReady) sendText(exchange, 200, JSON.stringify(body));
    else sendProblem(exchange, new OutlayError("unavailable", reason ?? ""), { ...body });
  };
  return createRouter({
    "/v1/events": { POST: post },
    "/v1/outcomes": { POST: tell },
    ...otlp,
    "/v1/policy": { GET: policy },
    "/v1/policy/stream": { GET: follow },
    "/v1/prices": { GET: prices },
    "/v1/agents/heartbeat": { POST: beat },
    "/v1/reservations": { POST: reserve },
    "/v1/reservations/{id}": { DELETE: release },
    "/v1/reservations/{id}/renew": { POST: renew },
    "/healthz": { GET: live, HEAD: live },
    "/readyz": { GET: ready, HEAD: ready },
  });
}
