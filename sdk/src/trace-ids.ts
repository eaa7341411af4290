const POOL_BYTES = 4096;
let pool = "";
let used = 0;
// Node 18 has it only in its own module: platform/node-platform.ts brings it.
let fill: (bytes: Uint8Array<ArrayBuffer>) => unknown = (bytes) =>
  globalThis.crypto.getRandomValues(bytes);

/** Draws from another source of random bytes from now on. */
export function drawRandomFrom(source: (bytes: Uint8Array<ArrayBuffer>) => unknown): void {
  fill = source;
}
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Random bytes as hexadecimal text; cut from a pool, as to draw and to write one costs as much as a whole call may. */
export function randomHex(bytes: number): string {
  const digits = bytes * 2;
  if (used + digits > pool.length) {
    const drawn = new Uint8Array(POOL_BYTES);
    fill(drawn);
    pool = Array.from(drawn, (byte) => HEX[byte]).join("");
    used = 0;
  }
  used += digits;
  return pool.slice(used - digits, used);
}

/** A place in a tree of work, as W3C Trace Context has it. */
export interface TracePlace {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
}

/** Reads a `traceparent`; null: it is none, and a new trace begins. */
export function readTraceparent(header: unknown): TracePlace | null {
  if (typeof header !== "string") return null;
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/.exec(
    header.trim(),
  );
  const [, version, traceId = "", spanId = "", rest] = match ?? [];
  if (!match || version === "ff" || (version === "00" && rest)) return null;
  return /^0+$/.test(traceId) || /^0+$/.test(spanId) ? null : { traceId, spanId };
}

/** The header by which what is called finds its place under this one. */
export function toTraceparent({ traceId, spanId }: TracePlace): string {
  return `00-${traceId}-${spanId}-01`;
}
