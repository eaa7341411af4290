import type { Server } from "node:http";
import type { Socket } from "node:net";
import { QuickConnection } from "@/ingest/quick/quick-connection";
import type { TakeQuickRequest } from "@/ingest/quick/take-quick-request";

/** The connections of a server that `node:http` does not know of. */
export interface QuickConnections {
  /** Ends them, each after the answer under way, and takes no new one. */
  stop(): void;
  /** Ends them now. */
  destroy(): void;
}

/**
 * Puts the quick way in front of a server: every new connection begins there. An ordinary request of one event costs
 * `node:http` (its streams, its objects, and what Next's context tracking adds to each of them) as much as checking,
 * pricing and storing the event.
 * @param idleMs how long a connection may stay silent
 */
export function serveQuickly(
  server: Server,
  take: TakeQuickRequest,
  idleMs: number,
): QuickConnections {
  const ordinary = server.listeners("connection") as ((connection: Socket) => void)[];
  const handOver = (connection: Socket): void => {
    for (const listener of ordinary) listener.call(server, connection);
  };
  const connections = new Set<QuickConnection>();
  const left = (connection: QuickConnection): void => void connections.delete(connection);
  const accept = (socket: Socket): void => {
    connections.add(new QuickConnection(socket, { take, handOver, left, idleMs }));
  };
  server.removeAllListeners("connection").on("connection", accept);
  return {
    stop() {
      server.off("connection", accept);
      for (const listener of ordinary) server.on("connection", listener);
      for (const connection of connections) connection.stop();
    },
    destroy() {
      for (const connection of connections) connection.destroy();
    },
  };
}
