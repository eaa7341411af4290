import type { Socket } from "node:net";
import { quickAnswer } from "@/ingest/quick/quick-answer";
import type { TakeQuickRequest } from "@/ingest/quick/take-quick-request";

interface Options {
  take: TakeQuickRequest;
  /** Gives a connection to `node:http`. */
  handOver: (connection: Socket) => void;
  /** It is closed, or `node:http` has it. */
  left: (connection: QuickConnection) => void;
  /** How long it may stay silent, milliseconds. */
  idleMs: number;
}

/**
 * One connection, read without `node:http` for as long as each read of it is one whole ordinary request. The first that
 * is not (in several reads, of another path, with a fault in its event) is given to `node:http` from its first byte on,
 * and the connection with it, for good. So there is one answer to give here, and all others are given in one place.
 */
export class QuickConnection {
  readonly #socket: Socket;
  readonly #options: Options;
  /** The request whose flush is awaited, and what came behind it meanwhile. */
  #request: Buffer | null = null;
  #behind: Buffer | null = null;
  #isStopping = false;

  constructor(socket: Socket, options: Options) {
    this.#socket = socket;
    this.#options = options;
    socket.setTimeout(options.idleMs);
    socket.on("data", this.#read).on("end", this.#end).on("timeout", this.#expire);
    socket.on("error", this.destroy).on("close", this.#leave);
  }

  /** Ends it, after the answer under way. */
  stop(): void {
    this.#isStopping = true;
    if (!this.#request) this.#socket.end();
  }

  readonly destroy = (): void => {
    this.#socket.destroy();
  };

  readonly #leave = (): void => this.#options.left(this);

  readonly #read = (bytes: Buffer): void => {
    if (this.#request) {
      // Sent before the answer to what is in front of it: it waits, and no more is read meanwhile.
      this.#behind = this.#behind ? Buffer.concat([this.#behind, bytes]) : bytes;
      this.#socket.pause();
      return;
    }
    const taken = this.#options.take(bytes);
    if (taken) {
      this.#request = bytes;
      void taken.then(this.#answer);
    } else {
      this.#handOver(bytes);
    }
  };

  readonly #answer = (isAccepted: boolean): void => {
    const request = this.#request;
    const behind = this.#behind;
    this.#request = null;
    this.#behind = null;
    if (!request || this.#socket.destroyed) return;
    if (!isAccepted) {
      this.#handOver(behind ? Buffer.concat([request, behind]) : request);
      return;
    }
    const isLast = !behind && (this.#isStopping || this.#socket.readableEnded);
    this.#socket.write(quickAnswer(Date.now(), isLast), "latin1");
    if (behind) this.#handOver(behind);
    else if (isLast) this.#socket.end();
  };

  /** The client sends no more. It still reads. */
  readonly #end = (): void => {
    if (!this.#request) this.#socket.end();
  };

  readonly #expire = (): void => {
    if (!this.#request) this.destroy();
  };

  #handOver(bytes: Buffer): void {
    const socket = this.#socket;
    socket.setTimeout(0);
    socket.off("data", this.#read).off("end", this.#end).off("timeout", this.#expire);
    socket.off("error", this.destroy).off("close", this.#leave);
    this.#leave();
    if (socket.readableEnded) {
      // `node:http` ends such a connection too, its request unanswered; and nothing can be put back in front of an end.
      socket.end();
      return;
    }
    this.#options.handOver(socket);
    socket.unshift(bytes);
    if (socket.isPaused()) socket.resume();
  }
}
