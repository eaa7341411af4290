import type { ClickHouse } from "@/db/clickhouse/client";
import { classifyInsertFault, isTooLargeABlock } from "@/ingest/calls/insert-fault";
import { isolateRows } from "@/ingest/calls/isolate-rows";
import type { Spool } from "@/ingest/spool/open-spool";
import { type BackgroundJob, startBackgroundJob } from "@/lib/background-job";
import type { Log } from "@/lib/log";

/** The drain from the spool's contents into `call_contents`. */
export interface ContentsWriter {
  /** True while the last insert worked. */
  isHealthy(): boolean;
  /** Resolves when everything accepted before this call is stored. @throws the store's error */
  drained(): Promise<void>;
  /** Drains for at most `timeoutMs`, then stops; what is left stays in the spool. */
  close(timeoutMs: number): Promise<void>;
}

const BLOCK_ROWS = 5_000;
const MAX_BLOCK_BYTES = 16 * 1024 * 1024;
const MIN_BLOCK_BYTES = 512 * 1024;
/** Nobody waits for a prompt as for a figure: fewer and larger parts. */
const LINGER_MS = 500;
const IDLE_MS = 3_600_000;

/** Starts storing what was said, until `close`. A block that is stored twice after a crash is the same rows. */
export function startWritingContents(options: {
  spool: Spool;
  clickhouse: Pick<ClickHouse, "insertLines">;
  log: Log;
}): ContentsWriter {
  const { spool, clickhouse, log } = options;
  let maxBlockBytes = MAX_BLOCK_BYTES;
  let running: Promise<void> | null = null;

  const insert = (lines: string) => clickhouse.insertLines("call_contents", lines);
  const drain = async (): Promise<void> => {
    await spool.settle();
    for (;;) {
      const block = spool.contents.read({ rows: BLOCK_ROWS, bytes: maxBlockBytes });
      if (!block) return;
      try {
        // A row that the store refuses for ever must not hold up the others: it goes, and the log says so.
        const refused = await isolateRows(block.lines, insert);
        if (refused.length > 0) {
          log.error(
            { rows: refused.length },
            "the calls store refuses what was said; it is dropped",
          );
        }
      } catch (error) {
        if (isTooLargeABlock(error)) maxBlockBytes = Math.max(MIN_BLOCK_BYTES, maxBlockBytes / 2);
        throw error;
      }
      await spool.contents.remove(block.upTo);
      if (job.isStopping()) return;
    }
  };
  /** One at a time: whoever asks meanwhile gets what is under way and then a turn of their own. */
  const drainNext = async (): Promise<void> => {
    while (running) await running.catch(() => undefined);
    running = drain();
    try {
      await running;
    } finally {
      running = null;
    }
  };

  const job: BackgroundJob = startBackgroundJob({
    lingerMs: LINGER_MS,
    async turn() {
      await drainNext();
      return IDLE_MS;
    },
    failed: (error, retryMs) =>
      log.warn(
        // Not in the engine's own words: they quote the row.
        { fault: classifyInsertFault(error), retryMs },
        "the calls store does not take what was said; it waits in the spool",
      ),
  });
  const stopListening = spool.onRecords(() => {
    if (!spool.contents.isEmpty()) job.wake();
  });
  return {
    isHealthy: () => job.isHealthy(),
    drained: drainNext,
    async close(timeoutMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([drainNext().catch(() => undefined), late]);
      clearTimeout(timer);
      stopListening();
      await job.close();
      await Promise.resolve(running).catch(() => undefined);
    },
  };
}
