/**
 * The cheapest client there is, in a process of its own, because it runs on the server's cores: prepared bytes over
 * raw sockets, one request under way on each, no pipelining. Reads a job from stdin, prints figures as JSON.
 */
import fs from "node:fs";
import net from "node:net";
import { eventsOf } from "./call-stream";
import { percentile } from "./statistics";
import { wishesOf } from "./wish-stream";

/** What to send where. The first `warmUp` requests are answered before the clock starts. */
export interface LoadJob {
  /** One event each, or one wish each that must be let through. */
  kind: "event" | "reservation";
  url: string;
  key: string;
  /** Number of the first event: an id is sent once. */
  from: number;
  warmUp: number;
  count: number;
  connections: number;
}

/** What came of a job. */
export interface LoadFigures {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Share of one core that the client itself used. */
  clientCores: number;
}

const HEAD_END = "\r\n\r\n";

const KINDS = {
  event: { path: "/v1/events", answer: "HTTP/1.1 202 ", body: '{"accepted":1,' },
  reservation: { path: "/v1/reservations", answer: "HTTP/1.1 200 ", body: '{"decision":"allow"' },
} as const;

function requestsOf(job: LoadJob, startMs: number): Buffer[] {
  const total = job.warmUp + job.count;
  const bodies =
    job.kind === "event"
      ? eventsOf(job.from, total, startMs - job.from * 10, 10)
      : wishesOf(job.from, total);
  return bodies.map((each) => {
    const body = Buffer.from(JSON.stringify(each));
    const head =
      `POST ${KINDS[job.kind].path} HTTP/1.1\r\nhost: ${new URL(job.url).host}\r\nauthorization: Bearer ${job.key}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}${HEAD_END}`;
    return Buffer.concat([Buffer.from(head), body]);
  });
}

/** Bytes of a whole answer, 0 while it is not whole. @throws Error for any but "one accepted" or "go on" */
function lengthOfAnswer(bytes: Buffer, kind: LoadJob["kind"]): number {
  const headBytes = bytes.indexOf(HEAD_END) + HEAD_END.length;
  if (headBytes < HEAD_END.length) return 0;
  const head = bytes.toString("latin1", 0, headBytes);
  const bodyBytes = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
  if (bytes.length < headBytes + bodyBytes) return 0;
  const body = bytes.toString("latin1", headBytes, headBytes + bodyBytes);
  if (!head.startsWith(KINDS[kind].answer) || !body.startsWith(KINDS[kind].body)) {
    throw new Error(`answered ${head.split("\r\n")[0]}: ${body}`);
  }
  return headBytes + bodyBytes;
}

/** Sends what `next` gives over one connection until it gives nothing. */
function sendAll(job: LoadJob, next: () => Buffer | undefined, timesMs: number[]): Promise<void> {
  const { hostname, port } = new URL(job.url);
  const socket = net.connect({ host: hostname, port: Number(port), noDelay: true });
  return new Promise((resolve, reject) => {
    let sentMs = 0;
    let part: Buffer | null = null;
    const send = (): void => {
      const request = next();
      if (!request) {
        socket.end();
        return;
      }
      sentMs = performance.now();
      socket.write(request);
    };
    socket.on("connect", send);
    socket.on("data", (chunk: Buffer) => {
      const bytes = part ? Buffer.concat([part, chunk]) : chunk;
      const isWhole = lengthOfAnswer(bytes, job.kind) > 0;
      part = isWhole ? null : bytes;
      if (!isWhole) return;
      timesMs.push(performance.now() - sentMs);
      send();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve());
  });
}

async function run(job: LoadJob, requests: readonly Buffer[]): Promise<number[]> {
  let at = 0;
  const timesMs: number[] = [];
  const next = (): Buffer | undefined => requests[at++];
  await Promise.all(Array.from({ length: job.connections }, () => sendAll(job, next, timesMs)));
  if (timesMs.length !== requests.length) throw new Error("the server closed a connection");
  return timesMs;
}

const job = JSON.parse(fs.readFileSync(0, "utf8")) as LoadJob;
const requests = requestsOf(job, Date.now() - 3_600_000);
await run(job, requests.slice(0, job.warmUp));
const begunMs = performance.now();
const cpuBefore = process.cpuUsage();
const timesMs = await run(job, requests.slice(job.warmUp));
const seconds = (performance.now() - begunMs) / 1000;
const cpu = process.cpuUsage(cpuBefore);
const figures: LoadFigures = {
  requestsPerSecond: job.count / seconds,
  p50Ms: percentile(timesMs, 0.5),
  p99Ms: percentile(timesMs, 0.99),
  clientCores: (cpu.user + cpu.system) / 1e6 / seconds,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
