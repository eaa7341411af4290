import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { ByteBudget } from "@/ingest/http-body/byte-budget";
import { OutlayError } from "@/lib/errors";

/** The contract's limit of one request, unpacked. */
export const MAX_BODY_BYTES = 20 * 1024 * 1024;

/**
 * Reads a request's body, unpacking gzip. The limit counts unpacked bytes and is applied while unpacking, so
 * that a small body that unpacks to gigabytes is stopped after 20 MiB.
 * @param taken receives the bytes taken from the budget; the caller gives them back when it is done with them.
 * @throws OutlayError 413 past the limit, 415 for another encoding, 400 for broken gzip, 503 over the budget.
 */
export async function readBody(
  request: IncomingMessage,
  budget: ByteBudget,
  taken: { bytes: number },
): Promise<Buffer> {
  const isGzip = readEncoding(request.headers["content-encoding"]) === "gzip";
  const length = Number(request.headers["content-length"] ?? 0);
  // Said before the first byte is read. A packed body is never smaller unpacked, but for a few bytes.
  if (length > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  const take = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    budget.take(chunk.length);
    taken.bytes += chunk.length;
    chunks.push(chunk);
  };
  try {
    await (isGzip ? readPacked(request, take) : readPlain(request, take));
  } catch (error) {
    throw asBodyError(error);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
}

type Take = (chunk: Buffer) => void;

/**
 * By events and not by `for await`, which costs a small request a tenth of its time. Listeners stay when it is over,
 * deaf: taking each off costs more than they do, and the request ends soon.
 */
function readPlain(stream: Readable, take: Take): Promise<void> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const stop = (error?: unknown): void => {
      if (isOver) return;
      isOver = true;
      // A body refused half-way is not destroyed: its sender shall read why (see sendProblem).
      stream.pause();
      if (error === undefined) resolve();
      else reject(error);
    };
    const onData = (chunk: Buffer): void => {
      if (isOver) return;
      try {
        take(chunk);
      } catch (error) {
        stop(error);
      }
    };
    // A client that goes away in the middle of a body ends the request without an error.
    const onClose = (): void => {
      if (!isOver) stop(new Error("aborted"));
    };
    stream.on("data", onData).on("end", stop).on("error", stop).on("close", onClose);
  });
}

async function readPacked(request: IncomingMessage, take: Take): Promise<void> {
  const gunzip = createGunzip();
  const abort = (): void => {
    if (!request.complete) gunzip.destroy(new Error("aborted"));
  };
  request.once("error", abort).once("close", abort);
  try {
    await readPlain(request.pipe(gunzip), take);
  } finally {
    request.off("error", abort).off("close", abort).unpipe(gunzip);
    gunzip.destroy();
  }
}

function readEncoding(header: string | undefined): "gzip" | "identity" {
  const encoding = header?.trim().toLowerCase() || "identity";
  if (encoding === "gzip" || encoding === "x-gzip") return "gzip";
  if (encoding === "identity") return "identity";
  throw new OutlayError("unsupported_media_type", "Content-Encoding must be gzip or none.");
}

function tooLarge(): OutlayError {
  return new OutlayError(
    "payload_too_large",
    "A request holds at most 20 MiB, unpacked. Split it into smaller ones.",
  );
}

function asBodyError(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code.startsWith("Z_")) {
    return new OutlayError("bad_request", "The body is not valid gzip.", { cause: error });
  }
  const isAborted = code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE";
  if (isAborted || (error instanceof Error && error.message === "aborted")) {
    return new OutlayError("bad_request", "The body ended too early.", { cause: error });
  }
  return error;
}
