import http from "node:http";
import https from "node:https";
import { StringDecoder } from "node:string_decoder";
import { later } from "../later.ts";
import type { Answer, Ask, OpenAnswer, Transport } from "./platform.ts";

/**
 * Brings requests by Node's own client and not by `fetch`, whose open connections keep a process alive that has
 * nothing else to do.
 */
export function createNodeTransport(): Transport {
  // Connections are kept; which of them hold the process is said with each request.
  const agents = {
    http: new http.Agent({ keepAlive: true }),
    https: new https.Agent({ keepAlive: true }),
  };
  const request = (asked: Omit<Ask, "isAwaited">): http.ClientRequest => {
    const isTls = asked.url.startsWith("https:");
    const { method, headers } = asked;
    const agent = isTls ? agents.https : agents.http;
    return (isTls ? https : http).request(asked.url, { method, headers, agent });
  };
  return {
    ask: (asked) => ask(request(asked), asked),
    open: (asked, onText) => open(request(asked), asked, onText),
  };
}

function unrefSocket(request: http.ClientRequest): void {
  request.on("socket", (socket) => socket.unref());
}

function headerOf(response: http.IncomingMessage): (name: string) => string | null {
  return (name) => {
    const value = response.headers[name.toLowerCase()];
    return typeof value === "string" ? value : null;
  };
}

function ask(request: http.ClientRequest, { body, timeoutMs, isAwaited }: Ask): Promise<Answer> {
  if (!isAwaited) unrefSocket(request);
  return new Promise((resolve, reject) => {
    const cancel = later(timeoutMs, () => request.destroy(new Error("Nobody answered in time.")));
    request.on("close", () => {
      cancel();
      reject(new Error("The connection was closed."));
    });
    request.on("error", reject);
    request.on("response", (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(pieces).toString("utf8");
        resolve({ status: response.statusCode ?? 0, header: headerOf(response), text });
      });
    });
    request.end(body);
  });
}

function open(
  request: http.ClientRequest,
  { timeoutMs }: { timeoutMs: number },
  onText: (piece: string) => void,
): Promise<OpenAnswer> {
  unrefSocket(request);
  return new Promise((resolve, reject) => {
    const cancel = later(timeoutMs, () => request.destroy(new Error("Nobody answered in time.")));
    request.on("error", reject);
    request.on("close", () => {
      cancel();
      reject(new Error("The connection was closed."));
    });
    request.on("response", (response) => {
      cancel();
      const decoder = new StringDecoder("utf8");
      const isRead = response.statusCode === 200;
      response.on("data", (piece: Buffer) => {
        if (isRead) onText(decoder.write(piece));
      });
      // That it broke is all there is to know, and "close" follows.
      response.on("error", () => undefined);
      const ended = new Promise<void>((done) => response.on("close", done));
      const close = () => void request.destroy();
      if (!isRead) close();
      resolve({ status: response.statusCode ?? 0, header: headerOf(response), ended, close });
    });
    request.end();
  });
}
