import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { InstanceListAnswer } from "../lib/instances/instance-schemas";
import type { KillSwitchListAnswer } from "../lib/kill-switches/kill-switch-schemas";

/** What agents did, all of a process together. */
export interface FleetReport {
  calls: number;
  tools: number;
  streams: number;
  refused: number;
  cutStreams: number;
  openStreams: number;
  lateStarts: number;
  /** Instances whose policy is pushed. */
  live: number;
  /** Events that the server has taken, and those that were given up. */
  events: number;
  dropped: number;
  /** The first of what nobody expected. */
  errors: string[];
}

export interface FleetOptions {
  /** The packed package's module. */
  sdk: string;
  urls: string[];
  key: string;
  agent: string;
  count: number;
  push: boolean;
  name: string;
}

/** Agents in a process of their own (e2e/guard-agents.mjs). */
export class Fleet {
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  constructor(options: FleetOptions) {
    const script = path.join(import.meta.dirname, "guard-agents.mjs");
    this.#child = spawn(process.execPath, [script, JSON.stringify(options)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    if (!this.#child.stdout) throw new Error("no output to read");
    this.#lines = createInterface({ input: this.#child.stdout });
  }

  report(): Promise<FleetReport> {
    return this.#ask("report");
  }

  /** Ends all agents, when everything is sent. */
  async close(): Promise<FleetReport> {
    const exited = once(this.#child, "exit");
    const last = await this.#ask("close");
    await exited;
    return last;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async #ask(command: string): Promise<FleetReport> {
    const answered = once(this.#lines, "line");
    this.#child.stdin?.write(`${command}\n`);
    const [line] = await answered;
    return JSON.parse(String(line)) as FleetReport;
  }
}

/** The sum of what several fleets did. */
export function sumReports(reports: readonly FleetReport[]): FleetReport {
  const sum = (name: Exclude<keyof FleetReport, "errors">) =>
    reports.reduce((total, report) => total + report[name], 0);
  return {
    calls: sum("calls"),
    tools: sum("tools"),
    streams: sum("streams"),
    refused: sum("refused"),
    cutStreams: sum("cutStreams"),
    openStreams: sum("openStreams"),
    lateStarts: sum("lateStarts"),
    live: sum("live"),
    events: sum("events"),
    dropped: sum("dropped"),
    errors: reports.flatMap(({ errors }) => errors),
  };
}

/** A line between agents and the server that is slow, and that breaks every now and then. */
export async function openBadLine(to: string): Promise<{ url: string; close(): Promise<void> }> {
  const { hostname, port } = new URL(to);
  const sockets = new Set<net.Socket>();
  let pieces = 0;
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    const pass = (from: net.Socket, into: net.Socket) =>
      from.on("data", (piece) => {
        pieces += 1;
        // Of every hundred pieces one is lost with its connection; the others are late.
        if (pieces % 100 === 0) near.destroy();
        else setTimeout(() => into.writable && into.write(piece), 20 + (pieces % 7) * 20);
      });
    pass(near, far);
    pass(far, near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: own } = server.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${own}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A server's API, as a person's script uses it. */
export class Controls {
  url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.#key = key;
  }

  async ask<T>(path: string, init: { method?: string; body?: unknown } = {}): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method: init.method ?? "GET",
      headers: { authorization: `Bearer ${this.#key}`, "content-type": "application/json" },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  setSwitch(agent: string, engaged: boolean): Promise<{ engaged_at: string }> {
    const body = { scope: "agent", value: agent, engaged, reason: "a proof" };
    return this.ask("/api/kill-switches?project=default", { method: "PUT", body });
  }

  async obedience(agent: string) {
    const path = "/api/kill-switches?project=default";
    const { switches } = await this.ask<KillSwitchListAnswer>(path);
    return switches.find(({ value }) => value === agent)?.obedience ?? null;
  }

  async instances(agent: string): Promise<InstanceListAnswer["instances"]> {
    const path = `/api/instances?project=default&limit=1000&agent=${agent}`;
    return (await this.ask<InstanceListAnswer>(path)).instances;
  }

  /** From the switch to each instance's confirmation, by the server's clock, ms, ascending. */
  async confirmationsMs(agent: string, engagedAt: string): Promise<number[]> {
    const sinceMs = Date.parse(engagedAt);
    const halted = (await this.instances(agent)).filter(({ state }) => state === "halted");
    return halted
      .map(({ state_since }) => Math.max(0, Date.parse(state_since) - sinceMs))
      .sort((a, b) => a - b);
  }

  /** A budget that only counts, and so proves the counters. @returns its id */
  async makeCounter(agent: string): Promise<string> {
    const { id } = await this.ask<{ id: string }>("/api/budgets?project=default", {
      method: "POST",
      body: {
        name: `What ${agent} does`,
        scope: "agent",
        value: agent,
        window: "month",
        mode: "observe",
        limit_calls: 1_000_000_000,
        limit_tool_calls: 1_000_000_000,
      },
    });
    return id;
  }

  /** A cap that binds every call of the project and is far away. */
  async makeCap(): Promise<void> {
    await this.ask("/api/budgets?project=default", {
      method: "POST",
      body: {
        name: "All",
        scope: "project",
        value: "default",
        window: "month",
        mode: "enforce",
        limit_usd: "1000000",
      },
    });
  }

  /** What a budget's counter has. */
  async counted(budgetId: string): Promise<{ calls: number; tool_calls: number }> {
    const path = `/api/budgets/${budgetId}`;
    const { spent } = await this.ask<{ spent: { calls: number; tool_calls: number } }>(path);
    return { calls: spent.calls, tool_calls: spent.tool_calls };
  }

  /** Calls of models that an agent made, as Explore shows them. */
  async callsOf(agent: string): Promise<number> {
    const dayMs = 86_400_000;
    const from = new Date(Date.now() - dayMs).toISOString();
    const to = new Date(Date.now() + dayMs).toISOString();
    const query = `project=default&from=${from}&to=${to}&filter.agent=${agent}`;
    const { total } = await this.ask<{ total: { calls: number } }>(`/api/spend?${query}`);
    return total.calls;
  }
}
