import type { Runtime } from "@/lib/runtime";

/** Where the browser is: the public URL where one is set, else the host it asked. */
export function originOfRequest(headers: Headers, runtime: Runtime): string {
  const host = headers.get("host");
  if (runtime.env.publicUrl !== null || host === null) return new URL(runtime.publicUrl).origin;
  const guess = `http://${host}`;
  return URL.canParse(guess) ? new URL(guess).origin : new URL(runtime.publicUrl).origin;
}

/**
 * The client's address. Next puts the socket's there when the header is missing; a header that a client
 * sent itself would let it count as somebody else at each guess, so server.ts drops it without a trusted
 * proxy. Behind one the last entry is what that proxy saw.
 */
export function addressOfRequest(headers: Headers): string | null {
  return headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() || null;
}
