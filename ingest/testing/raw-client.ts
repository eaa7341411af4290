import { connect, type Socket } from "node:net";

/** What went over the wire in answer to one request. */
export interface RawAnswer {
  status: number;
  /** Names in lower case. */
  headers: Map<string, string>;
  body: string;
}

/** A client that sends bytes as it is told to, and reads whole answers. */
export interface RawClient {
  socket: Socket;
  send(...parts: (string | Buffer)[]): Promise<void>;
  /** The next answer. @throws Error where the connection ended before it. */
  answer(): Promise<RawAnswer>;
  /** Resolves when the server has ended the connection. */
  ended: Promise<void>;
}

/** Connects to a server on this machine. */
export function openRawClient(url: string): RawClient {
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", noDelay: true });
  let text = "";
  let isEnded = false;
  let wake = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      isEnded = true;
      wake();
      resolve();
    };
    socket.on("end", end).on("close", end).on("error", end);
  });
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    wake();
  });
  return {
    socket,
    ended,
    async send(...parts) {
      for (const part of parts) {
        await new Promise((resolve) => socket.write(part, resolve));
        // A read of its own for each part: the server's loop has to come round in between.
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async answer() {
      for (;;) {
        const read = readAnswer(text);
        if (read) {
          text = text.slice(read.bytes);
          return read.answer;
        }
        if (isEnded) throw new Error(`the connection ended after ${JSON.stringify(text)}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

function readAnswer(text: string): { answer: RawAnswer; bytes: number } | null {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const bytes = end + 4 + Number(headers.get("content-length") ?? 0);
  if (text.length < bytes) return null;
  const answer = { status: Number(first.split(" ")[1]), headers, body: text.slice(end + 4, bytes) };
  return { answer, bytes };
}
