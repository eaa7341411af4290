import type { Api } from "../api.ts";
import { byteLength } from "../byte-length.ts";
import type { Spool } from "../platform/platform.ts";
import { createSender, type Item, type Sender, type SenderOptions } from "./sender.ts";

/** One file has what one queue had, which is at most 16 MiB. */
const LARGE = { mostItems: Number.POSITIVE_INFINITY, mostBytes: Number.POSITIVE_INFINITY };

/** Sends what earlier processes of this folder could not; another one that does so at the same moment changes nothing. */
export interface SpoolResender {
  /** What waits to be sent, in all. */
  queued(): number;
  close(): void;
}

/** Begins it. @param kind the beginning of the names of its files */
export function resendSpool(
  api: Api,
  spool: Spool,
  kind: string,
  options: SenderOptions,
  onFault: (fault: unknown) => void,
): SpoolResender {
  const senders = new Set<Sender>();
  let isClosed = false;

  async function resend(name: string): Promise<void> {
    const sender = createSender(api, { ...options, ...LARGE });
    senders.add(sender);
    for (const item of readItems(spool.read(name))) sender.push(item);
    while (sender.rest().length > 0 && !isClosed) await sender.drained();
    senders.delete(sender);
    if (!isClosed) spool.remove(name);
  }

  async function resendAll(): Promise<void> {
    for (const name of spool.list()) {
      if (name.startsWith(kind) && !isClosed) await resend(name);
    }
  }

  resendAll().catch(onFault);
  return {
    queued: () => [...senders].reduce((sum, sender) => sum + sender.rest().length, 0),
    close() {
      isClosed = true;
      for (const sender of senders) sender.close();
    },
  };
}

/** Writes what is left of a queue; nothing where nothing is. */
export function spoolRest(spool: Spool, name: string, items: readonly Item[]): void {
  if (items.length === 0) return;
  const lines = items.map(({ id, sequence, text }) => JSON.stringify([id, sequence, text]));
  spool.write(name, `${lines.join("\n")}\n`);
}

function readItems(lines: string): Item[] {
  return lines.split("\n").flatMap((line) => {
    if (line === "") return [];
    const [id, sequence, text] = JSON.parse(line) as [string, number, string];
    return [{ id, sequence, text, bytes: byteLength(text) }];
  });
}
