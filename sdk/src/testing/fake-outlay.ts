import http from "node:http";
import type { AddressInfo } from "node:net";

/** What the far end was asked. */
export interface Request {
  method: string;
  /** With its query. */
  url: string;
  headers: http.IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** What it says instead of its usual answer; null: it breaks the connection. */
export type Override = { status: number; body?: unknown; headers?: Record<string, string> } | null;

/** The far end of the network: a server that says what a test wants it to. The proof asks the real one. */
export interface FakeOutlay {
  url: string;
  requests: Request[];
  /** What `GET /v1/policy` answers; told to every stream. */
  setPolicy(policy: Record<string, unknown>): void;
  /** By the beginning of the path: asked before the usual answer. */
  answer(path: string, how: (request: Request) => Override | undefined): void;
  /** Events in the order in which they were accepted, each once by its id. */
  events(): Record<string, unknown>[];
  of(path: string): Request[];
  /** Ends what is open, as a server that goes away. */
  dropStreams(): void;
  streams(): number;
  close(): Promise<void>;
}

const EMPTY = {
  ttl_seconds: 5,
  degraded: false,
  fail_mode: "open",
  required_tags: [],
  kill_switches: [],
  budgets: [],
  not_asked: [],
};

/** Opens one on a port of its own. */
export async function openFakeOutlay(): Promise<FakeOutlay> {
  const requests: Request[] = [];
  const overrides = new Map<string, (request: Request) => Override | undefined>();
  const streams = new Set<http.ServerResponse>();
  const events = new Map<string, Record<string, unknown>>();
  let version = 1;
  let policy: Record<string, unknown> = { version, ...EMPTY };
  const tell = (response: http.ServerResponse) =>
    response.write(`event: policy\nid: ${version}\ndata: ${JSON.stringify(policy)}\n\n`);

  function usual({ url, body, method }: Request): { status: number; body: unknown } {
    const path = url.split("?")[0] ?? "";
    if (path === "/v1/policy") return { status: 200, body: policy };
    if (path === "/v1/events") {
      const sent = body.events as Record<string, unknown>[];
      for (const event of sent)
        if (!events.has(String(event.id))) events.set(String(event.id), event);
      return { status: 202, body: { accepted: sent.length, rejected: [], conflicts: [] } };
    }
    if (path === "/v1/agents/heartbeat") return { status: 200, body: { policy_version: version } };
    if (path === "/v1/prices") return { status: 200, body: { prices: null } };
    if (path === "/v1/reservations" && method === "POST") {
      const answer = {
        decision: "allow",
        reservation_id: body.id,
        reserved_usd: "0.1",
        reasons: [],
      };
      return { status: 200, body: { ...answer, expires_at: null } };
    }
    if (path.startsWith("/v1/reservations/")) return { status: 200, body: {} };
    return { status: 404, body: { title: "Not Found", detail: "There is nothing here." } };
  }

  const server = http.createServer(async (request, response) => {
    let text = "";
    for await (const piece of request) text += String(piece);
    const asked: Request = {
      method: request.method ?? "",
      url: request.url ?? "",
      headers: request.headers,
      body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
    requests.push(asked);
    const key = [...overrides.keys()].find((path) => asked.url.startsWith(path));
    const given = key === undefined ? undefined : overrides.get(key)?.(asked);
    if (given === null) {
      response.destroy();
    } else if (given === undefined && asked.url.startsWith("/v1/policy/stream")) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("retry: 100\n\n");
      streams.add(response);
      response.on("close", () => streams.delete(response));
      tell(response);
    } else {
      const { status, body } = given ?? usual(asked);
      response.writeHead(status, { "content-type": "application/json", ...given?.headers });
      response.end(JSON.stringify(body ?? {}));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    setPolicy(given) {
      version = typeof given.version === "number" ? given.version : version + 1;
      policy = { ...EMPTY, ...given, version };
      for (const response of streams) tell(response);
    },
    answer: (path, how) => void overrides.set(path, how),
    events: () => [...events.values()],
    of: (path) => requests.filter(({ url }) => url.startsWith(path)),
    dropStreams() {
      for (const response of streams) response.destroy();
    },
    streams: () => streams.size,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An engaged switch of an agent, as the policy has it. */
export function engaged(
  value: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    scope: "agent",
    value,
    reason: "a loop",
    engaged_by: "Ada",
    engaged_at: "2026-11-23T06:00:00.000Z",
    until: null,
    ...more,
  };
}

/** A budget, as the policy has it. */
export function budgetOf(more: Record<string, unknown> = {}): Record<string, unknown> {
  const amounts = { usd: "0", tokens: 0, calls: 0, tool_calls: 0, seconds: 0 };
  return {
    id: "b1",
    name: "cap",
    scope: "agent",
    value: "planner",
    window: "day",
    mode: "enforce",
    state: "ok",
    action: "block",
    reroute_to: null,
    throttle_per_minute: null,
    thresholds: [],
    resets_at: null,
    limits: { usd: null, tokens: null, calls: null, tool_calls: null, seconds: null },
    spent: amounts,
    reserved: amounts,
    ...more,
  };
}
