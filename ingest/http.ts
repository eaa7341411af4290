import { randomUUID } from "node:crypto";
import fastify, { type FastifyInstance, LogController } from "fastify";
import { authorize } from "@/ingest/authorize";
import { postEvents } from "@/ingest/events/post-events";
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
}

/** Bytes of unpacked bodies held at once, in all requests together. */
const MAX_BODIES_BYTES = 128 * 1024 * 1024;
const LARGE_BODY_BYTES = 2 * 1024 * 1024;

/** Methods by path, for 405. */
const METHODS: Record<string, string> = {
  "/v1/events": "POST",
  "/healthz": "GET, HEAD",
  "/readyz": "GET, HEAD",
};

/**
 * Makes the handler of `/v1/*`, `/healthz` and `/readyz`. It reads bodies itself, because the contract's limits
 * count unpacked bytes; server.ts calls `app.routing(request, response)`.
 */
export async function createIngestApp(deps: IngestDeps): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    // The id is ours: one sent by a client would let it write what it likes into our log.
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    frameworkErrors: (error, request, reply) => {
      sendProblem(request, reply, error);
    },
  }) as unknown as FastifyInstance;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error));
  app.setNotFoundHandler((request, reply) => {
    const methods = METHODS[request.url.split("?")[0] ?? ""];
    if (!methods) {
      return sendProblem(request, reply, new OutlayError("not_found", "There is nothing here."));
    }
    reply.header("allow", methods);
    const error = new OutlayError("method_not_allowed", `Allowed here: ${methods}.`);
    return sendProblem(request, reply, error);
  });
  addRoutes(app, deps);
  await app.ready();
  return app;
}

function addRoutes(app: FastifyInstance, deps: IngestDeps): void {
  const budget = new ByteBudget(MAX_BODIES_BYTES);
  const turns = new Turns(LARGE_BODY_BYTES);
  app.post("/v1/events", async (request, reply) => {
    const sender = await authorize(request, "ingest", deps);
    return postEvents(request, reply, sender, { ...deps, budget, turns });
  });
  app.get("/healthz", async (_request, reply) => reply.send({ status: "ok" }));
  app.get("/readyz", async (request, reply) => {
    const { isReady, reason, body } = await checkReadiness(deps);
    if (isReady) return reply.send(body);
    return sendProblem(request, reply, new OutlayError("unavailable", reason ?? ""), { ...body });
  });
}
