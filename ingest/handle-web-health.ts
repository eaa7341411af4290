import type { IncomingMessage, ServerResponse } from "node:http";
import { checkWebReadiness, type HealthDeps } from "@/ingest/health";
import { OutlayError, toProblem } from "@/lib/errors";
import type { Log } from "@/lib/log";

/**
 * Answers machines' paths in a process that takes no events (role `web`): `/healthz`, `/readyz`, and for
 * `/v1/*` that another process serves it.
 */
export function handleWebHealth(deps: Pick<HealthDeps, "clickhouse" | "postgres"> & { log: Log }) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url?.split("?")[0];
    if (path === "/healthz") send(response, 200, { status: "ok" });
    else if (path === "/readyz") answerReadiness(response, deps);
    else sendProblem(response, new OutlayError("not_found", "This process takes no events."));
  };
}

function answerReadiness(
  response: ServerResponse,
  deps: Parameters<typeof handleWebHealth>[0],
): void {
  checkWebReadiness(deps).then(
    ({ isReady, reason, body }) => {
      if (isReady) send(response, 200, body);
      else sendProblem(response, new OutlayError("unavailable", reason ?? ""), body);
    },
    (error: unknown) => {
      deps.log.error({ err: error }, "readiness could not be checked");
      sendProblem(response, error);
    },
  );
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function sendProblem(response: ServerResponse, error: unknown, extra: object = {}): void {
  const problem = toProblem(error);
  response.writeHead(problem.status, {
    "content-type": "application/problem+json",
    ...(problem.status === 503 ? { "retry-after": "5" } : {}),
  });
  response.end(JSON.stringify({ ...problem, ...extra }));
}
