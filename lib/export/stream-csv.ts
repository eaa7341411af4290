import { isAbandoned } from "@/db/clickhouse/abandoned";
import type { Log } from "@/lib/log";

/** Characters of one piece: enough that a piece costs little, few enough that a slow reader holds up little. */
const PIECE_LENGTH = 64 * 1024;

/**
 * A CSV as a body that is made while it is read: the next lines are asked for when the reader took the last ones, and
 * no more once it goes away.
 * The first lines are made before this returns, so that a question with a fault is refused as such. A fault after that
 * breaks the connection: a part of a file must not look like all of it.
 * @param log told of such a fault, with the request's id
 * @throws whatever making the first lines throws
 */
export async function streamCsv(
  lines: AsyncGenerator<string, void, void>,
  { log, requestId }: { log: Pick<Log, "error">; requestId: string },
): Promise<ReadableStream<Uint8Array>> {
  const pieces = joinLines(lines);
  let next: IteratorResult<string, void> | null = await pieces.next();
  let isLeft = false;
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = next ?? (await pieces.next());
          next = null;
          // The reader went away while these lines were made.
          if (isLeft) return;
          if (done || value === undefined) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          if (isLeft) return;
          // Nor is it a fault that its question was dropped because the reader is gone.
          if (!isAbandoned(error)) log.error({ err: error, requestId }, "an export broke off");
          controller.error(error);
        }
      },
      async cancel() {
        isLeft = true;
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Lines in pieces: a line by itself would cost more to send than to make. */
async function* joinLines(
  lines: AsyncGenerator<string, void, void>,
): AsyncGenerator<string, void, void> {
  let piece = "";
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}
