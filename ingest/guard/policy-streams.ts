import type { ServerResponse } from "node:http";
import { authorize } from "@/ingest/authorize";
import type { Exchange } from "@/ingest/exchange";
import type { PolicyDeps } from "@/ingest/guard/get-policy";
import { readAskedTags } from "@/ingest/guard/read-asked-tags";
import { readRequestKey } from "@/ingest/request-key";
import { OutlayError } from "@/lib/errors";
import type { Log } from "@/lib/log";
import type { AskedTags } from "@/lib/policy/match-policy";
import { POLICY_TAGS, type PolicyAnswer } from "@/lib/policy/policy-schemas";
import type { PolicyWatch } from "@/lib/policy/watch-policy";

/** Agents that follow the policy over `GET /v1/policy/stream`. */
export interface PolicyStreams {
  /**
   * Answers a request with server-sent events until either side ends it.
   * @throws OutlayError as `GET /v1/policy` does; `unavailable` where this process has as many as it can take
   */
  open(exchange: Exchange): Promise<void>;
  /** Says goodbye to all, so that they come back to another process. */
  close(): void;
}

/** Agents of one project with the same tags are told the same: it is asked for once. */
interface Group {
  projectId: string;
  asked: AskedTags;
  members: Set<Member>;
  isTelling: boolean;
  mustTellAgain: boolean;
}

interface Member {
  response: ServerResponse;
  key: string;
  /** The last state that was written, so that nobody is told the same twice. */
  told: string;
}

const ALIVE_MS = 15_000;
const KEYS_MS = 10_000;
/** A reader that does not read is cut off: it comes back and is told everything. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** Some 30 KB each. */
const MAX_STREAMS = 10_000;
/** Between two tellings of a group: counters that come to other states one after another are told together. */
const PAUSE_MS = 50;
const GOODBYE = "event: bye\ndata: {}\n\n";

/** Makes the endpoint; it follows the policy from the first connection on. */
export function openPolicyStreams(
  deps: PolicyDeps & { watch: PolicyWatch; log: Log },
): PolicyStreams {
  return new Streams(deps);
}

class Streams implements PolicyStreams {
  readonly #deps: PolicyDeps & { watch: PolicyWatch; log: Log };
  readonly #groups = new Map<string, Group>();
  readonly #timers: NodeJS.Timeout[];
  #stopWatching: (() => void) | null = null;
  #isClosed = false;

  constructor(deps: PolicyDeps & { watch: PolicyWatch; log: Log }) {
    this.#deps = deps;
    const alive = setInterval(() => this.#sayAlive(), ALIVE_MS);
    const keys = setInterval(() => void this.#checkKeys(), KEYS_MS);
    this.#timers = [alive.unref(), keys.unref()];
  }

  async open(exchange: Exchange): Promise<void> {
    const { projectId } = await authorize(exchange, "guard", this.#deps, POLICY_TAGS);
    const asked = readAskedTags(exchange.query);
    if (this.#isClosed || this.#members().length >= MAX_STREAMS) {
      const detail = "This process takes no more streams. Ask GET /v1/policy meanwhile.";
      throw new OutlayError("unavailable", detail, { retryAfterSeconds: 5 });
    }
    // Before it is asked for: what changes from now on is told too.
    this.#stopWatching ??= this.#deps.watch.onChange(() => this.#tellAll());
    const first = toEvent(await this.#deps.policyDesk.ask(projectId, asked));
    const { response } = exchange;
    if (response.destroyed || this.#isClosed) {
      response.destroy();
      return;
    }
    const group = this.#join(exchange, { projectId, asked });
    begin(exchange);
    const member = [...group.members].at(-1);
    if (member) tell(member, first);
    // What changed between the asking and here.
    this.#tell(group);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopWatching?.();
    for (const timer of this.#timers) clearInterval(timer);
    for (const { response } of this.#members()) response.end(GOODBYE);
  }

  #join(exchange: Exchange, of: Pick<Group, "projectId" | "asked">): Group {
    const { request, response } = exchange;
    const name = JSON.stringify([of.projectId, of.asked]);
    const empty = { members: new Set<Member>(), isTelling: false, mustTellAgain: false };
    const group = this.#groups.get(name) ?? { ...of, ...empty };
    this.#groups.set(name, group);
    const member: Member = { response, key: readRequestKey(request.headers) ?? "", told: "" };
    group.members.add(member);
    response.on("close", () => {
      group.members.delete(member);
      if (group.members.size === 0 && this.#groups.get(name) === group) this.#groups.delete(name);
    });
    return group;
  }

  #members(): Member[] {
    return [...this.#groups.values()].flatMap(({ members }) => [...members]);
  }

  #sayAlive(): void {
    for (const member of this.#members()) write(member, ": alive\n\n");
  }

  /** A key that was revoked meanwhile follows nothing any more. */
  async #checkKeys(): Promise<void> {
    for (const { key, response } of this.#members()) {
      // PostgreSQL is away: who was known stays.
      const known = await this.#deps.keys.verify(key).catch(() => "unknown" as const);
      if (known === "unknown" || known?.scopes.includes("guard")) continue;
      response.end(GOODBYE);
    }
  }

  #tellAll(): void {
    for (const group of this.#groups.values()) this.#tell(group);
  }

  #tell(group: Group): void {
    group.mustTellAgain = true;
    if (group.isTelling) return;
    group.isTelling = true;
    void this.#keepTelling(group).finally(() => {
      group.isTelling = false;
    });
  }

  async #keepTelling(group: Group): Promise<void> {
    while (group.mustTellAgain && group.members.size > 0) {
      group.mustTellAgain = false;
      try {
        const event = toEvent(await this.#deps.policyDesk.ask(group.projectId, group.asked));
        for (const member of group.members) tell(member, event);
      } catch (error) {
        // Agents poll meanwhile, and the next change tells all.
        this.#deps.log.warn({ err: error }, "agents could not be told of the policy");
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS).unref());
    }
  }
}

function begin({ request, response, id }: Exchange): void {
  // An event must not wait for another one to fill a packet.
  request.socket.setNoDelay(true);
  response.writeHead(200, {
    "x-request-id": id,
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "private, no-store, no-transform",
    // A proxy that collects answers would keep a switch from its agents.
    "x-accel-buffering": "no",
  });
  response.write("retry: 1000\n\n");
}

/** The event, and what of it is worth another one: not the figures, which move all the time. */
function toEvent(policy: PolicyAnswer): { text: string; state: string } {
  const { version, degraded, kill_switches } = policy;
  return {
    text: `event: policy\nid: ${version}\ndata: ${JSON.stringify(policy)}\n\n`,
    state: JSON.stringify([version, degraded, kill_switches]),
  };
}

function tell(member: Member, { text, state }: ReturnType<typeof toEvent>): void {
  if (member.told === state) return;
  member.told = state;
  write(member, text);
}

function write({ response }: Member, text: string): void {
  if (response.writableEnded || response.destroyed) return;
  if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  else response.write(text);
}
