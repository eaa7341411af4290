import { randomUUID } from "node:crypto";
import { z } from "zod";
import { abandonWith, isAbandoned } from "@/db/clickhouse/abandoned";
import { isStoreAway } from "@/db/is-store-away";
import type { ActionContext, KeyActor } from "@/lib/auth/actor";
import type { SessionActor } from "@/lib/auth/find-session-actor";
import { identifyRequest } from "@/lib/auth/identify-request";
import { isOutlayError, OutlayError, toProblem } from "@/lib/errors";
import type { Permission } from "@/lib/permissions";
import { type ProjectAccess, resolveProjects } from "@/lib/projects/resolve-projects";
import { parseBody, parseQuery, type QueryValues, readQuery } from "@/lib/request-input";
import { getRuntime, type Runtime } from "@/lib/runtime";

/** What a route accepts and answers. Schemas are strict objects: an unknown name is a fault, never ignored. */
export interface RouteSpec<
  Query extends z.ZodType,
  Body extends z.ZodType,
  Params extends z.ZodType,
  Answer extends z.ZodType,
> {
  /** Takes text, or a list of it where a parameter is repeated. `project` is taken out before. */
  query?: Query;
  body?: Body;
  params?: Params;
  /** The JSON of a success. Checked outside production, so that a test sees a contract that drifts. */
  response?: Answer;
  /** Status of a success; 200 unless told. */
  status?: number;
}

/** What a handler is given, and what it passes to verbs. */
export interface PublicContext<Query, Body, Params> {
  request: Request;
  runtime: Runtime;
  db: ActionContext["db"];
  requestId: string;
  query: Query;
  body: Body;
  params: Params;
}

export interface ApiContext<Query, Body, Params> extends PublicContext<Query, Body, Params> {
  actor: KeyActor | SessionActor;
  /** What `project=` names, or by default a key's own or all the person may see: those with the permission. */
  projects: ProjectAccess[];
}

/** A Next route handler. */
export type RouteHandler = (
  request: Request,
  segments: { params: Promise<Record<string, string | string[] | undefined>> },
) => Promise<Response>;

type Handler<Context, Answer extends z.ZodType> = (
  context: Context,
) => Promise<z.input<Answer> | Response>;

/**
 * The one wrapper of every people's endpoint: request id, who it is, which projects, whether they may,
 * strict input, one shape of errors, the log.
 * @param spec.permission what it takes; null: being signed in, or any key
 */
export function apiRoute<
  Query extends z.ZodType = z.ZodObject<Record<never, never>>,
  Body extends z.ZodType = z.ZodUndefined,
  Params extends z.ZodType = z.ZodUnknown,
  Answer extends z.ZodType = z.ZodUnknown,
>(
  spec: RouteSpec<Query, Body, Params, Answer> & { permission: Permission | null },
  handle: Handler<ApiContext<z.output<Query>, z.output<Body>, z.output<Params>>, Answer>,
): RouteHandler {
  return wrap(spec, async (base, readInput) => {
    const actor = await identifyRequest(base.request, base.runtime);
    const { project = null, ...values } = readQuery(new URL(base.request.url));
    if (Array.isArray(project)) throw repeatedProject();
    const projects = await resolveProjects(base.db, actor, project, spec.permission);
    return handle({ ...base, ...(await readInput(values)), actor, projects });
  });
}

/** As `apiRoute`, for the few endpoints that nobody has to sign in for: they decide by themselves. */
export function publicRoute<
  Query extends z.ZodType = z.ZodObject<Record<never, never>>,
  Body extends z.ZodType = z.ZodUndefined,
  Params extends z.ZodType = z.ZodUnknown,
  Answer extends z.ZodType = z.ZodUnknown,
>(
  spec: RouteSpec<Query, Body, Params, Answer>,
  handle: Handler<PublicContext<z.output<Query>, z.output<Body>, z.output<Params>>, Answer>,
): RouteHandler {
  return wrap(spec, async (base, readInput) =>
    handle({ ...base, ...(await readInput(readQuery(new URL(base.request.url)))) }),
  );
}

type BaseContext = Pick<
  PublicContext<unknown, unknown, unknown>,
  "request" | "runtime" | "db" | "requestId"
>;

function wrap<
  Query extends z.ZodType,
  Body extends z.ZodType,
  Params extends z.ZodType,
  Answer extends z.ZodType,
>(
  spec: RouteSpec<Query, Body, Params, Answer>,
  answer: (
    base: BaseContext,
    readInput: (
      values: QueryValues,
    ) => Promise<{ query: z.output<Query>; body: z.output<Body>; params: z.output<Params> }>,
  ) => Promise<z.input<Answer> | Response>,
): RouteHandler {
  requireStrict(spec.query, spec.body);
  return async (request, segments) => {
    const requestId = requestIdOf(request);
    const runtime = getRuntime();
    const startedMs = performance.now();
    let response: Response;
    try {
      const base = {
        request,
        runtime: forReader(runtime, request),
        db: runtime.postgres.db,
        requestId,
      };
      const result = await answer(base, async (values) => ({
        params: parseParams(spec.params, await segments.params) as z.output<Params>,
        query: parseQuery(spec.query ?? NO_PARAMETERS, values) as z.output<Query>,
        body: (spec.body ? await parseBody(spec.body, request) : undefined) as z.output<Body>,
      }));
      response = result instanceof Response ? result : toJson(spec, result, runtime);
    } catch (error) {
      response =
        request.signal.aborted && isAbandoned(error)
          ? new Response(null, { status: ABANDONED_STATUS })
          : toProblemResponse(error, requestId, runtime, request);
    }
    response.headers.set("x-request-id", requestId);
    runtime.log.debug(
      {
        requestId,
        method: request.method,
        path: new URL(request.url).pathname,
        status: response.status,
        latencyMs: Math.round(performance.now() - startedMs),
      },
      "api request",
    );
    return response;
  };
}

/** What proxies log of a client that closed its request; it reaches nobody. */
const ABANDONED_STATUS = 499;

/**
 * The runtime as a handler sees it. A browser that leaves a page gives up its questions, and the few connections to the
 * store are for those who stay. What a write asks is asked to its end: who pressed a button and left wants it done.
 */
function forReader(runtime: Runtime, { method, signal }: Request): Runtime {
  if (method !== "GET") return runtime;
  return { ...runtime, clickhouse: abandonWith(runtime.clickhouse, signal) };
}

const NO_PARAMETERS = z.strictObject({});

/** An object that ignores unknown names would answer a mistyped filter with the sum of everything. */
function requireStrict(...schemas: (z.ZodType | undefined)[]): void {
  for (const schema of schemas) {
    if (schema instanceof z.ZodObject && schema.def.catchall === undefined) {
      throw new Error("a route's query and body are strict: use z.strictObject");
    }
  }
}

/** A caller's own id is kept, so that its log and ours can be joined. */
function requestIdOf(request: Request): string {
  const given = request.headers.get("x-request-id");
  return given && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
}

/** What cannot be an id names nothing: the same answer as for one that is not there. */
function parseParams<S extends z.ZodType>(schema: S | undefined, values: unknown): z.output<S> {
  if (!schema) return undefined as z.output<S>;
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new OutlayError("not_found", "There is nothing at this address.");
}

/**
 * An answer below this arrives in a connection's first round of packets, gzip or not, and a gzip stream of its own
 * would cost it a millisecond: `no-transform` tells Next's compression, and a proxy's, to let it be.
 */
const SHORT_ANSWER_BYTES = 10_000;

/** Answers hold money and names: no proxy and no Back button keeps them. */
function toJson<Answer extends z.ZodType>(
  spec: { response?: Answer; status?: number },
  result: unknown,
  runtime: Runtime,
): Response {
  const isChecked = spec.response !== undefined && runtime.env.nodeEnv !== "production";
  const body: unknown = isChecked && spec.response ? spec.response.parse(result) : result;
  const text = JSON.stringify(body);
  return new Response(text, {
    status: spec.status ?? 200,
    headers: {
      "content-type": "application/json",
      "cache-control":
        Buffer.byteLength(text) < SHORT_ANSWER_BYTES ? "no-store, no-transform" : "no-store",
    },
  });
}

function toProblemResponse(
  thrown: unknown,
  requestId: string,
  runtime: Runtime,
  request: Request,
): Response {
  const error = isStoreAway(thrown)
    ? new OutlayError("unavailable", "The database is out of reach. Try again.", {
        cause: thrown,
        retryAfterSeconds: 5,
      })
    : thrown;
  const problem = toProblem(error, requestId);
  const { method } = request;
  const path = new URL(request.url).pathname;
  if (problem.status >= 500) {
    runtime.log.error({ err: error, requestId, method, path }, "an api request failed");
  }
  const headers = new Headers({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  });
  if (problem.status === 401) headers.set("www-authenticate", "Bearer");
  if (isOutlayError(error) && error.retryAfterSeconds !== undefined) {
    headers.set("retry-after", String(error.retryAfterSeconds));
  }
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

function repeatedProject(): OutlayError {
  return new OutlayError("bad_request", "Name one project, or * for all.", {
    errors: [{ path: "project", message: "is given more than once" }],
  });
}
